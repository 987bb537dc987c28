"""A campaigner's news, e-mailed to those who asked for it."""
