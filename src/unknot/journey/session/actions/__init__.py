"""Actions of the session step: the only code that writes its tables."""
