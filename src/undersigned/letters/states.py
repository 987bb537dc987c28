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
    "failed": "Not delivered",
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
    "failed": "It did not reach the MP: it came back, was not sent from here, or its writer took it back.",
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
TAKEN_BACK = "You took it back before it was sent."
"""Why a letter failed whose writer thought better of it."""
REFUSED = "The people who run this campaign do not send this letter. They say: “{reason}”"
"""Why a letter failed that staff do not send."""
ENDED = {
    "failed": (
        "Could not be delivered",
        "It did not reach the MP; its writer was told why, and has it to print and post.",
    ),
    "refused": (
        "Not sent by us",
        "Somebody here decided against sending it; its writer was told why, and has it to print and post.",
    ),
    "taken-back": ("Taken back by its writer", "It was taken back before it left, so nothing was sent."),
}
"""The ways in which a letter can have failed, and what each means, for whoever reads it at the desk."""
ENDED_TO_THE_WRITER = {
    "failed": ("Could not be delivered", SENTENCES_TO_THE_WRITER["failed"]),
    "refused": (
        "Not sent",
        "The people who run the campaign decided against it. Its page says why, and has it to print and post.",
    ),
    "taken-back": ("Taken back", "You took it back before it left, so nothing was sent."),
}
BY_POST = "This MP is reached by post: the letter is to be printed and sent."
"""Why a confirmed letter is held that only wants paper and an envelope."""
INSTEAD = "The people who run this site print this letter and post it, instead of e-mailing it."
"""The same where there is an e-mail address, and staff have chosen paper."""
FOR_PAPER = (BY_POST, INSTEAD)


def ending(reason: str) -> str:
    """Which of :data:`ENDED` it is when a letter has failed for ``reason``."""
    if reason == TAKEN_BACK:
        return "taken-back"
    return "refused" if reason.startswith(REFUSED.partition("{")[0]) else "failed"


def told(state: str, reason: str = "") -> tuple[str, str]:
    """A letter's state in words for the one who wrote, and a sentence that says what it means."""
    if state == "failed":
        return ENDED_TO_THE_WRITER[ending(reason)]
    return TO_THE_WRITER[state], SENTENCES_TO_THE_WRITER[state]


def told_at_the_desk(state: str, reason: str = "") -> tuple[str, str]:
    """As :func:`told`, for staff."""
    return ENDED[ending(reason)] if state == "failed" else (WORDS[state], SENTENCES[state])


def once_sent(state: str, reason: str = "") -> str:
    """Which page says that a letter its writer has confirmed can no longer be changed."""
    if state == "failed":
        return ending(reason)
    return "held" if state == "held" else "on its way"


def wants_paper(letter: Letter) -> bool:
    """Whether nothing keeps ``letter`` but that it is to be printed: another reason to hold it comes first."""
    waits = letter.state == "ready" or (letter.state == "held" and letter.reason in FOR_PAPER)
    return bool(letter.channel == "post" and waits)
