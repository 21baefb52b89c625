"""Safety screening: the decision table and the one function that applies it."""
