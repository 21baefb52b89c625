"""The check-in: seven steps and the result. Every step is saved when it is sent."""
