"""Keeping a campaign honest at the desk: pausing it, its guard, what is shown of it, and what is not counted."""
