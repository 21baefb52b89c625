"""Body map: the vocabulary of regions, and what follows from the marked ones."""
