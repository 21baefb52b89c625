"""Deeds about who can be chosen: listings, services, credentials, rosters, reviews."""
