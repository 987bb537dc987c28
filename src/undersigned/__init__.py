"""Petitions, pledges, and letters to MPs that are followed through to the answer."""

__version__ = "0.1.0"
