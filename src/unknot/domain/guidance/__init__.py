"""Guidance: which technique suits one person, with named reasons and the evidence beside them."""
