"""The states of a letter, as a person would say them."""

WORDS = {
    "draft": "A draft",
    "waiting": "Waiting for you to press the link in your e-mail",
    "ready": "In the queue",
    "sending": "Being handed over",
    "sent": "Sent",
    "settled": "Settled",
    "held": "Held for a person to look at",
    "failed": "Could not be delivered",
    "scrubbed": "Sent, and its text deleted since",
}


def in_words(state: str) -> str:
    """``state`` in words."""
    return WORDS[state]
