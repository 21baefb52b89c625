"""What people send to the booking pages. A form never saves."""
