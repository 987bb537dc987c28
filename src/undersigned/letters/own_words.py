"""How much of a letter is the writer's own.

Measured against the known template as the longest common subsequence of words: what a person pasted from
the template is the template's, wherever they put it.
"""

import re

from rapidfuzz.distance import LCSseq

_WORD = re.compile(r"[\w'’-]+")


def words(text: str) -> list[str]:
    """The words of a text, without case or punctuation."""
    return [word.casefold() for word in _WORD.findall(text)]


def share(letter: str, template: str) -> int:
    """The percentage of the letter's words that are not the template's, 0 to 100."""
    ours, theirs = words(letter), words(template)
    if not ours:
        return 0
    return round(100 * (1 - LCSseq.similarity(ours, theirs) / len(ours)))
