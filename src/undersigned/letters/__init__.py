"""A supporter's words to one representative."""
