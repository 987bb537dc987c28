"""The states of a letter, as a person would say them."""

WORDS = {
    "draft": "Being written",
    "waiting": "Waiting for the writer’s yes",
    "ready": "In the queue",
    "sending": "Being handed over",
    "sent": "Sent",
    "settled": "Sent, and settled",
    "held": "Held for a person to look at",
    "failed": "Could not be delivered",
    "scrubbed": "Sent, and its text deleted on time",
}
AT_THE_DESK = {state: words for state, words in WORDS.items() if state != "draft"}
"""Those of letters that staff may look at: nobody reads a draft but its writer."""
TO_THE_WRITER = WORDS | {"waiting": "Waiting for you to press the link in your e-mail"}
BY_POST = "This MP is reached by post: the letter is to be printed and sent."
"""Why a confirmed letter is held that only wants paper and an envelope."""


def in_words(state: str) -> str:
    """``state`` in words for the one who wrote."""
    return TO_THE_WRITER[state]
