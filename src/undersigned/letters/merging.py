"""Our own ``{{ field }}`` merge: names looked up in a table, and nothing else.

No expression is ever evaluated, so neither a supporter nor a campaigner can write a program in a letter.
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
        "campaign.title",
        "campaign.signatures",
        "date",
    }
)
_PLACE = re.compile(r"\{\{\s*([a-z_.]*)\s*\}\}")


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
    return _PLACE.sub(lambda place: facts[place[1]], text)
