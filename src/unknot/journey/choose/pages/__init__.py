"""The pages to choose a technique and a therapist."""
