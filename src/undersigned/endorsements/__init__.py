"""People and organisations that stand behind a campaign by name: what they say, and how it is shown."""
