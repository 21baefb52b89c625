"""A question about slots as a JSON file, and its answer: for support and for bug reports."""
