"""Unknot: back-and-neck massage care, from where it hurts to whether it helped."""

__version__ = "0.1.0"
