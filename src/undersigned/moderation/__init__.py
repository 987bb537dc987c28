"""Keeping a campaign honest at the desk: pausing it, its guard, and what is shown of what signers wrote."""
