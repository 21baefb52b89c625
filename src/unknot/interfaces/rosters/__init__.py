"""Rosters: lists of therapists that others publish, read into rows; nothing here is verified."""
