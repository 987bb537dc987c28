"""Replies at the desk: of all campaigns or of one, read one after the other, and what each is."""
