"""Replies of one office that say the same: a standard reply is known by its second copy.

What is compared is the words without the greeting, which is all that most offices change. The first copy is called
a standard reply too once there is a second, and what a person called one holds for those that follow.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz.distance import LCSseq

from undersigned.kit import database
from undersigned.letters import likeness
from undersigned.responses import sorting
from undersigned.responses.sorting import Sorted

ALIKE = 0.8
FEWEST_WORDS = 12
MOST_WORDS = 3_000
MOST_COMPARED = 20
SERVERS = {sorting.BOUNCE, sorting.DELAYED, sorting.RECEIPT}
FORMS = {sorting.ANSWER, sorting.FORM_REPLY}
GREETING = re.compile(r"\A\W*(?:dear|hello|hi|annwyl|helo|good (?:morning|afternoon))\b[^\n]{0,80}(?:\n|\Z)", re.I)


@dataclass(frozen=True)
class Like:
    """Another response that says the same, the first of its kind. ``share`` is from 0 to 1.

    ``by_person``: a person named its kind, or that of one that says the same.
    """

    id: int
    kind: str
    detail: str
    share: float
    by_person: bool
    other_writer: bool

    @property
    def makes_a_form(self) -> bool:
        """Whether saying it once more, to anybody, makes it a standard reply."""
        return self.kind == sorting.FORM_REPLY or (self.kind == sorting.ANSWER and self.other_writer)


def words_of(text: str) -> list[str]:
    """What is compared: words alone, in any case, without the greeting."""
    return re.findall(r"\w+", GREETING.sub("", text).casefold())[:MOST_WORDS]


def mark_of(text: str, representative: Any) -> list[int]:
    """The fingerprint by which later replies of this office find this one; empty for a few words."""
    words = words_of(text)
    return likeness.fingerprint(words, _office(representative)) if len(words) >= FEWEST_WORDS else []


def _office(representative: Any) -> str:
    """Whoever answers letters to a representative is that office, from whatever address."""
    return f"reply {representative}"


async def take_turns(representative: Any) -> None:
    """Let two replies of one office be compared one after the other, by the index.

    Call it in their transaction.
    """
    await database.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0)), set_config('enable_seqscan', 'off', true)",
        _office(representative),
    )


async def others(text: str, mark: list[int], letter: dict[str, Any]) -> list[Like]:
    """First of their kind that say the same as ``text``: those a person named first, then the most alike.

    ``letter`` has its id and its writer's email_key.
    """
    if not mark:
        return []
    mine = words_of(text)
    rows = await database.fetch(NEAR, mark, letter["id"], MOST_COMPARED)
    found = [_like(row, mine, letter) for row in rows]
    near = [one for one in found if one.share >= ALIKE]
    return sorted(near, key=lambda one: (one.by_person, one.share, -one.id), reverse=True)


# Only the first of its kind has a fingerprint: an office that sends one text ten thousand times is one row here.
NEAR = """
    SELECT r.id, r.kind, r.detail, r.text, r.by_person, l.email_key
    FROM response r JOIN letter l ON l.id = r.letter
    WHERE r.likeness && $1 AND r.letter <> $2 AND r.text <> ''
    ORDER BY (SELECT count(*) FROM unnest(r.likeness) band WHERE band = ANY($1)) DESC, r.id LIMIT $3
"""


def _like(row: dict[str, Any], mine: list[str], letter: dict[str, Any]) -> Like:
    share = LCSseq.normalized_similarity(mine, words_of(row["text"]))
    other = row["email_key"] != letter["email_key"]
    return Like(row["id"], row["kind"], row["detail"], share, row["by_person"], other)


def in_their_light(found: Sorted, near: list[Like]) -> Sorted:
    """The kind of a mail, now that others like it are known; what a mail server reports stays as it is."""
    if found.kind in SERVERS or not near:
        return found
    best = near[0]
    if best.by_person:
        said = f"like response {best.id}, which a person sorted"
        return replace(found, kind=best.kind, detail=best.detail, confidence=_surely(best), evidence=said)
    forms = [one for one in near if one.makes_a_form]
    if found.kind in FORMS and forms:
        said = f"{round(100 * forms[0].share)} % the words of response {forms[0].id} to another letter"
        return sorting.as_form(found, _surely(forms[0]), said)
    return found


async def tell(near: list[Like], by: int) -> None:
    """Call those before it standard replies too, but for what a person has sorted."""
    for one in near:
        if one.kind == sorting.ANSWER and one.other_writer:
            await database.execute(
                """UPDATE response SET kind = $2, confidence = $3, evidence = $4
                   WHERE (id = $1 OR alike_to = $1) AND kind = $5 AND NOT by_person""",
                one.id,
                sorting.FORM_REPLY,
                _surely(one),
                f"{round(100 * one.share)} % the words of response {by} to another letter",
                sorting.ANSWER,
            )


def _surely(one: Like) -> int:
    """From 78 % for what is only just alike to 98 % for the very same words."""
    return round(100 * one.share) - 2
