"""Actions of the booking step: the only code that writes its tables."""
