"""What changed between two texts, a line at a time and inside a line a word at a time, for a person to read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 2
_WORDS = re.compile(r"\s+|\S+\s*")


@dataclass(frozen=True)
class Line:
    """A line that is ``same``, ``gone`` or ``new``, with the number that it has in its text.

    Its parts are words and whether they are what changed. A ``gap`` stands for ``number`` lines that are the same.
    """

    kind: str
    number: int
    parts: tuple[tuple[str, bool], ...] = ()


def between(old: str, new: str) -> list[Line]:
    """The lines that changed with two around them, and gaps for the rest; nothing when the texts are one."""
    ours, theirs = old.split("\n"), new.split("\n")
    lines: list[Line] = []
    reached = 0
    for group in SequenceMatcher(None, ours, theirs).get_grouped_opcodes(CONTEXT):
        lines += _gap(group[0][3] - reached)
        for tag, i1, i2, j1, j2 in group:
            lines += _changed(tag, ours[i1:i2], theirs[j1:j2], i1 + 1, j1 + 1)
        reached = group[-1][4]
    return lines + _gap(len(theirs) - reached) if lines else []


def _gap(length: int) -> list[Line]:
    return [Line("gap", length)] if length > 0 else []


def _changed(tag: str, old: list[str], new: list[str], old_first: int, new_first: int) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line("same", number, ((text, False),)) for number, text in enumerate(new, new_first))
        return
    pairs = list(zip(old, new, strict=False))
    marked = [_words(before, after) for before, after in pairs]
    gone = [parts for parts, _ in marked] + [((text, True),) for text in old[len(pairs) :]]
    come = [parts for _, parts in marked] + [((text, True),) for text in new[len(pairs) :]]
    yield from (Line("gone", number, parts) for number, parts in enumerate(gone, old_first))
    yield from (Line("new", number, parts) for number, parts in enumerate(come, new_first))


Parts = tuple[tuple[str, bool], ...]


def _words(before: str, after: str) -> tuple[Parts, Parts]:
    """Two versions of one line, with the words marked that the other has not."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    gone: list[tuple[str, bool]] = []
    come: list[tuple[str, bool]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        gone.append(("".join(old[i1:i2]), tag != "equal"))
        come.append(("".join(new[j1:j2]), tag != "equal"))
    return tuple(part for part in gone if part[0]), tuple(part for part in come if part[0])
