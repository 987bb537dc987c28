"""Gatherings: the weekly vigil, the regional workshop."""
