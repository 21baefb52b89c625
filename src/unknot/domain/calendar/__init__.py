"""Free time: periods, opening hours, offered starts, appointment states."""
