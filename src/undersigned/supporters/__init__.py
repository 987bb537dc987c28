"""People who act, and what they agreed to."""
