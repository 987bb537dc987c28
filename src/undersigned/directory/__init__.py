"""Reporting centres at the desk: put in, checked, taken over from a file."""
