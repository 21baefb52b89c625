"""The pages before a session, by what they are about."""
