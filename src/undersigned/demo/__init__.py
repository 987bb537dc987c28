"""Campaigns to try, with invented people."""
