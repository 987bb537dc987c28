"""Whether a letter's own words are somebody else's.

What is compared is what the writers wrote themselves: the template's words are left out on both sides, so that
people who keep its paragraphs are not taken for copies of one another, and a letter without words of its own is
like no other. A few words are nobody's in particular. One person's letters to several representatives are theirs.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from undersigned.kit import database
from undersigned.letters.tables import Letter

TOO_LIKE = 0.8
FEWEST_WORDS = 12
MOST_COMPARED = 20
BANDS, ROWS = 32, 2
REASON = "Its own words are much like those of another letter to the same MP, so a person reads it first."
_PRIME = (1 << 61) - 1


@dataclass(frozen=True)
class Likeness:
    """The letter that another is too like, and the fingerprint by which later ones find this one."""

    other: int | None = None
    fingerprint: list[int] = field(default_factory=list)


async def of(letter: Letter) -> Likeness:
    """What ``letter`` is like. Call it in the transaction that confirms it: two copies take turns.

    The fingerprint finds a handful of letters that share something, whatever number there is of them; only those
    are compared word by word.
    """
    mine = letter.own_words.split()
    if len(mine) < FEWEST_WORDS:
        return Likeness()
    where = str(letter.representative)
    await database.execute("SELECT pg_advisory_xact_lock(hashtextextended('likeness ' || $1, 0))", where)
    mark = fingerprint(mine, where)
    await database.execute(BY_INDEX)
    for row in await database.fetch(NEAR, mark, letter.id, letter.email_key, MOST_COMPARED):
        if LCSseq.normalized_similarity(mine, row["own_words"].split()) >= TOO_LIKE:
            return Likeness(row["id"], mark)
    return Likeness(None, mark)


# PostgreSQL cannot know how rare a band is, takes it for common, and would rather read every letter there is.
BY_INDEX = "SET LOCAL enable_seqscan = off"
NEAR = """
    SELECT id, own_words FROM letter
    WHERE likeness && $1 AND id <> $2 AND email_key <> $3
    ORDER BY (SELECT count(*) FROM unnest(likeness) band WHERE band = ANY($1)) DESC, id LIMIT $4
"""


def fingerprint(words: list[str], where: str) -> list[int]:
    """MinHash over pairs of words, in bands: texts of which half the pairs agree nearly always share a band.

    Each band is a number of 64 bits with the representative in it, so that one index finds it: an office reads the
    same words as the same words, whichever campaign they came by.
    """
    pairs = {_number(f"{one} {other}") for one, other in pairwise(words)}
    least = [min((a * pair + b) % _PRIME for pair in pairs) for a, b in _permutations()]
    bands = (least[band * ROWS : (band + 1) * ROWS] for band in range(BANDS))
    return [_number(f"{where} {band} {rows}", signed=True) for band, rows in enumerate(bands)]


@cache
def _permutations() -> list[tuple[int, int]]:
    return [(_number(f"a {n}") % _PRIME or 1, _number(f"b {n}") % _PRIME) for n in range(BANDS * ROWS)]


def _number(text: str, signed: bool = False) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=signed)
