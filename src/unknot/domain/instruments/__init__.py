"""Instruments: what each asks, how it is scored, and what a change of its score can mean."""
