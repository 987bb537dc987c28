"""The states of a letter, as a person would say them."""

from undersigned.letters.tables import Letter

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
"""Those of letters that staff may see in a list."""
TO_THE_WRITER = WORDS | {"waiting": "Waiting for you to open the link in your e-mail and press the button"}
BY_POST = "This MP is reached by post: the letter is to be printed and sent."
"""Why a confirmed letter is held that only wants paper and an envelope."""
INSTEAD = "The people who run this site print this letter and post it, instead of e-mailing it."
"""The same where there is an e-mail address, and staff have chosen paper."""
FOR_PAPER = (BY_POST, INSTEAD)


def in_words(state: str) -> str:
    """``state`` in words for the one who wrote."""
    return TO_THE_WRITER[state]


def once_sent(state: str) -> str:
    """Which page says that a letter its writer has confirmed can no longer be changed."""
    return state if state in {"held", "failed"} else "on its way"


def wants_paper(letter: Letter) -> bool:
    """Whether nothing keeps ``letter`` but that it is to be printed: another reason to hold it comes first."""
    waits = letter.state == "ready" or (letter.state == "held" and letter.reason in FOR_PAPER)
    return bool(letter.channel == "post" and waits)
