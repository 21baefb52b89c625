"""The session pages, by what they are about."""
