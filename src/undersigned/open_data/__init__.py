"""The same facts for other programs: JSON, OSDI, feeds, webhooks, embeds."""
