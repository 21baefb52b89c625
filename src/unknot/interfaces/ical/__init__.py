"""Calendar files for other programs."""
