"""What narrows the list of therapists."""
