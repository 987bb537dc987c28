"""Who speaks for a place."""
