"""A letter's own page: where it is, and what its writer can still do about it."""
