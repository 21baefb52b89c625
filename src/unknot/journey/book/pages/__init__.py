"""The booking pages, by what they are about."""
