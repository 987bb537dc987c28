"""Our own ``{{ field }}`` merge: names looked up in a table, and nothing else.

No expression is ever evaluated, so neither a supporter nor a campaigner can write a program in a letter.
What a value says is never looked at again.
"""

import re
from collections.abc import Mapping

from undersigned.kit.errors import Refused

FIELDS = frozenset(
    {
        "supporter.name",
        "supporter.address",
        "supporter.postcode",
        "representative.name",
        "representative.salutation",
        "constituency.name",
        "constituency.signatures",
        "constituency.figure",
        "campaign.title",
        "campaign.signatures",
        "date",
    }
)
LONGEST_SUBJECT = 200
_PLACE = re.compile(r"\{\{\s*([a-z_.]*)\s*\}\}")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, halves of characters, and the marks that turn the direction of a whole line round, with
# which a text can be made to look like another. Arabic and Hebrew are set right without them.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class BadField(Refused):
    """A letter asks for something that does not exist; the message gives the line and the reason."""


def check(text: str, first_line: int = 1) -> None:
    """Raise BadField for the first unknown field or unclosed brace; lines count from ``first_line``."""
    for line_number, line in enumerate(text.split("\n"), first_line):
        for name in _PLACE.findall(line):
            if name not in FIELDS:
                known = ", ".join(sorted(FIELDS))
                raise BadField(f"Line {line_number}: there is no field “{name}”. The fields are {known}.")
        rest = _PLACE.sub("", line)
        if "{{" in rest or "}}" in rest:
            raise BadField(f"Line {line_number}: a field is not closed; write it as {{{{ supporter.name }}}}.")


def merge(text: str, facts: Mapping[str, str]) -> str:
    """``text`` with every field filled in. Raises KeyError when a fact is missing: a letter has no gaps."""
    return _PLACE.sub(lambda place: facts[place[1]], text) if "{{" in text else text


def clean(text: str) -> str:
    """``text`` without what is not text; lines end in a newline and nothing else."""
    return _NOT_TEXT.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """``text`` cleaned, as one line: whatever is put into a sentence, a header or an address stays in it."""
    return " ".join(clean(text).split())


def subject(text: str, facts: Mapping[str, str]) -> str:
    """A subject filled in, on one line, and not longer than a header and its column can take."""
    filled = one_line(merge(text, facts))
    if len(filled) <= LONGEST_SUBJECT:
        return filled
    return filled[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"
