"""Write check-ins: one module for each kind of deed."""
