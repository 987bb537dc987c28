"""Paragraphs that a mail program broke into lines for the journey, joined again (RFC 3676)."""

import re
from email.message import EmailMessage

QUOTED = re.compile(r"^(>*) ?")
SIGNATURE = "-- "


def says_so(part: EmailMessage) -> bool:
    """Whether a text part is marked as flowed."""
    return _parameter(part, "format") == "flowed"


def spaces_go(part: EmailMessage) -> bool:
    """Whether the space at the end of a line is not part of the text, as in writing without spaces."""
    return _parameter(part, "delsp") == "yes"


def _parameter(part: EmailMessage, name: str) -> str:
    try:
        return str(part.get_param(name) or "").strip().lower()
    except (LookupError, ValueError, AttributeError, TypeError):
        return ""


def joined(text: str, spaces_go: bool = False) -> str:
    """Lines that end in a space go on in the next of the same depth; nothing goes on past a signature's line."""
    done: list[tuple[int, str]] = []
    going_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        mark = QUOTED.match(line)
        depth = len(mark[1]) if mark else 0
        words = line[mark.end() :] if mark else line
        if going_on and done and done[-1][0] == depth and words != SIGNATURE:
            done[-1] = (depth, done[-1][1] + words)
        else:
            done.append((depth, words))
        going_on = words.endswith(" ") and words != SIGNATURE
        if going_on and spaces_go:
            done[-1] = (depth, done[-1][1][:-1])
    return "\n".join(f"{'>' * depth}{' ' if depth else ''}{words}" for depth, words in done)
