"""Credentials: how one stands, what a practice requires, and what a roster confirms."""
