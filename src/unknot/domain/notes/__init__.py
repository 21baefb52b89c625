"""Session notes: what a signed note must hold."""
