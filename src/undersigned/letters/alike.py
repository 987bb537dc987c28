"""Two letters side by side: which of their writers' own words stand in both."""

import re
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import LCSseq

from undersigned.letters import own_words
from undersigned.letters.own_words import SHORTEST_RUN
from undersigned.letters.tables import Letter


@dataclass(frozen=True)
class Run:
    """Some words in a row, as they were typed; ``both`` says that the other letter has them too."""

    text: str
    both: bool


Paragraphs = list[list[Run]]


def side_by_side(one: Letter, other: Letter) -> tuple[Paragraphs, Paragraphs]:
    """The own paragraphs of both letters, in runs of words. Case and punctuation make no word a different one."""
    mine, theirs = _typed(one), _typed(other)
    in_mine: set[int] = set()
    in_theirs: set[int] = set()
    for run in LCSseq.opcodes(_plain(mine), _plain(theirs)):
        if run.tag == "equal" and run.src_end - run.src_start >= SHORTEST_RUN:
            in_mine.update(range(run.src_start, run.src_end))
            in_theirs.update(range(run.dest_start, run.dest_end))
    return _runs(mine, in_mine), _runs(theirs, in_theirs)


def _typed(letter: Letter) -> list[list[str]]:
    """The words of each own paragraph, with whatever stands around them."""
    return [re.findall(r"\S+", part["text"]) for part in letter.parts if part["own"]]


def _plain(paragraphs: list[list[str]]) -> list[str]:
    return [" ".join(own_words.words(word)) for paragraph in paragraphs for word in paragraph]


def _runs(paragraphs: list[list[str]], both: set[int]) -> Paragraphs:
    first, found = 0, []
    for paragraph in paragraphs:
        marked = [(word, first + place in both) for place, word in enumerate(paragraph)]
        runs = groupby(marked, key=lambda one: one[1])
        found.append([Run(" ".join(word for word, _ in words), alike) for alike, words in runs])
        first += len(paragraph)
    return found
