"""Pages of the last step, by what they are about."""
