"""What narrows the list of therapists, and what is sent about credentials and reviews."""
