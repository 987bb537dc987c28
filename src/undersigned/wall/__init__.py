"""Endorsements at the desk: reading what came in, and putting what is shown in order."""
