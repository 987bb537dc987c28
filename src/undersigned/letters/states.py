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
TO_THE_WRITER = WORDS | {"waiting": "Waiting for your yes"}
SENTENCES = {
    "draft": "It is still being written, and only its writer reads it.",
    "waiting": "It goes when its writer opens the link in our e-mail and presses the button.",
    "ready": "It waits its turn to leave, and goes by itself.",
    "sending": "It is being handed over to the MP’s mail server at this moment.",
    "sent": "It has left here, and whatever comes back is shown with it.",
    "settled": "It has left here, and nothing came back to say that it was lost.",
    "held": "A person decides before it goes any further; its writer is told when that takes a day.",
    "failed": "It did not reach the MP; its writer was told why, and has it to print and post.",
    "scrubbed": "It went, and its text was deleted 28 days later, as we promised.",
}
"""What each state means, for whoever reads it at the desk."""
SENTENCES_TO_THE_WRITER = SENTENCES | {
    "draft": "You are still writing it, and nobody else reads it.",
    "waiting": "It goes when you open the link in our e-mail and press the button.",
    "ready": "It waits its turn to leave. You need do nothing.",
    "sending": "It is being handed over to your MP’s mail server at this moment.",
    "sent": "It has left here. What comes back is shown on this letter’s page.",
    "held": "A person looks at it before it goes any further. Its page says why.",
    "failed": "It did not reach your MP. Its page says why, and has it to print and post.",
}
BY_POST = "This MP is reached by post: the letter is to be printed and sent."
"""Why a confirmed letter is held that only wants paper and an envelope."""
INSTEAD = "The people who run this site print this letter and post it, instead of e-mailing it."
"""The same where there is an e-mail address, and staff have chosen paper."""
FOR_PAPER = (BY_POST, INSTEAD)


def in_words(state: str) -> str:
    """``state`` in words for the one who wrote."""
    return TO_THE_WRITER[state]


def explained(state: str) -> str:
    """What ``state`` means, in a sentence for the one who wrote."""
    return SENTENCES_TO_THE_WRITER[state]


def once_sent(state: str) -> str:
    """Which page says that a letter its writer has confirmed can no longer be changed."""
    return state if state in {"held", "failed"} else "on its way"


def wants_paper(letter: Letter) -> bool:
    """Whether nothing keeps ``letter`` but that it is to be printed: another reason to hold it comes first."""
    waits = letter.state == "ready" or (letter.state == "held" and letter.reason in FOR_PAPER)
    return bool(letter.channel == "post" and waits)
