"""How much of a letter is the writer's own.

Measured against the known template as the longest common subsequence of words, a paragraph of the template
at a time: what a person pasted from it is the template's, wherever they put it. Welsh and English alike:
case, accents, the shape of an apostrophe and punctuation make no word a new one.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import LCSseq

SHORTEST_RUN = 3
"""Words in a row that make a borrowed phrase; two that stand together in both texts are only English."""
_WORD = re.compile(r"[\w'-]+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))


def words(text: str) -> list[str]:
    """The words of a text, without case, accents or punctuation."""
    apart = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return [word for found in _WORD.findall(plain.casefold()) if (word := found.strip("'-_"))]


def own(text: str, template: Iterable[str]) -> list[str]:
    """The words of ``text``, in its order, that none of the template's paragraphs lent it."""
    ours = words(text)
    lent: set[int] = set()
    for paragraph in template:
        theirs = words(paragraph)
        shortest = min(SHORTEST_RUN, len(theirs), len(ours))
        for run in LCSseq.opcodes(ours, theirs):
            if run.tag == "equal" and run.src_end - run.src_start >= shortest:
                lent.update(range(run.src_start, run.src_end))
    return [word for place, word in enumerate(ours) if place not in lent]


def percent(own_count: int, all_count: int) -> int:
    """So many of so many words, in per cent; of none, none."""
    return round(100 * own_count / all_count) if all_count else 0
