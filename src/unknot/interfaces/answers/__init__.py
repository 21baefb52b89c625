"""Read one person's answers from a JSON file, and write what the rules make of them as JSON."""
