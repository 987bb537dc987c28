"""Gatherings at the desk: setting one up, who comes, and calling it off."""
