"""The template's paragraphs as a writer arranged them: kept or dropped, in words of their own, moved up or down.

What comes from a form is only ever a wish: a name that the letter does not have is left out, and an essential
block stays, in its own words and in its place among the essential ones.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from undersigned.letters.template import Block


def order(wished: Iterable[str], blocks: Sequence[Block]) -> list[str]:
    """The names of all blocks, each once, as near to ``wished`` as may be; the others follow their neighbours."""
    known = [block.name for block in blocks]
    names = [name for name in dict.fromkeys(wished) if name in known]
    for place, name in enumerate(known):
        if name not in names:
            names.insert(names.index(known[place - 1]) + 1 if place else 0, name)
    essential = iter([block.name for block in blocks if block.essential])
    stays = {block.name for block in blocks if block.essential}
    return [next(essential) if name in stays else name for name in names]


def moved(names: Sequence[str], name: str, step: int) -> list[str]:
    """``names`` with one of them ``step`` places further; at either end it stays where it is."""
    if name not in names:
        return list(names)
    rest = [other for other in names if other != name]
    rest.insert(max(0, names.index(name) + step), name)
    return rest


def in_order(blocks: Sequence[Block], names: Iterable[str]) -> list[Block]:
    """The blocks in the order of their names; those without one keep to their neighbours."""
    by_name = {block.name: block for block in blocks}
    return [by_name[name] for name in order(names, blocks)]


def edits(typed: Mapping[str, str], blocks: Sequence[Block]) -> dict[str, str]:
    """The blocks that were given other words, and the words; nothing when somebody emptied the field.

    A form says in ``was_<name>`` which words it showed, so that a figure that has moved since then does not
    look like an edit.
    """
    return {
        block.name: typed[f"edit_{block.name}"]
        for block in blocks
        if not block.essential
        and f"edit_{block.name}" in typed
        and mark(typed[f"edit_{block.name}"]) != typed.get(f"was_{block.name}")
    }


def mark(text: str) -> str:
    """A few letters that stand for a text, however its lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def lines(text: str) -> list[str]:
    """The paragraphs that somebody typed: every line that says something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
