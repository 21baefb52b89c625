"""Reads of the session step, by what they are about."""
