"""Reads of the booking step."""
