"""What somebody wrote for a question or a paragraph that the letter no longer has: it stays, and stays theirs.

A campaign may change its letter while people are writing. Their words are not lost for that: they stand in a
field of their own, and go into the letter with the others unless they are taken out.
"""

import re
from collections.abc import Mapping

from undersigned.letters import arranging
from undersigned.letters.template import LetterTemplate

MOST = 12
"""Twice as many as a letter may ask; nobody who did not forge a form has more."""
_NAME = re.compile("[a-z0-9-]{1,80}")


def of(typed: Mapping[str, str], chosen: LetterTemplate) -> dict[str, str]:
    """The words without a place, by a name for each that no prompt of the letter has.

    Words for a paragraph count only beside what it said, for our pages ask for them in no other way.
    """
    asked = {prompt.name for prompt in chosen.prompts}
    editable = {block.name for block in chosen.blocks if not block.essential}
    answers = {name: text for name, text in _named(typed, "prompt_").items() if name not in asked}
    edits = {
        f"paragraph-{name}": text
        for name, text in _named(typed, "edit_").items()
        if name not in editable and arranging.mark(text) != typed.get(f"was_{name}", arranging.mark(text))
    }
    return dict(list({**answers, **edits}.items())[:MOST])


def _named(typed: Mapping[str, str], prefix: str) -> dict[str, str]:
    fields = {field.removeprefix(prefix): text for field, text in typed.items() if field.startswith(prefix)}
    return {name: text for name, text in fields.items() if _NAME.fullmatch(name) and text.strip()}
