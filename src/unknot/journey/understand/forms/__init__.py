"""The forms of the check-in: they read and check what was typed, and never save."""
