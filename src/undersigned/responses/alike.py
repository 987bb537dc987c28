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
    """Another response that says the same. ``share`` is from 0 to 1; ``by_person``: a person named its kind."""

    id: int
    kind: str
    detail: str
    share: float
    by_person: bool
    other_writer: bool


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
    """Let two replies of one office be compared one after the other. Call it in their transaction."""
    await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", _office(representative))


async def others(text: str, mark: list[int], letter: dict[str, Any], but: int = 0) -> list[Like]:
    """Replies of the office to other letters that say the same: those a person named first, then the most alike.

    ``letter`` has its id and its writer's email_key.
    """
    if not mark:
        return []
    mine = words_of(text)
    await database.execute(likeness.BY_INDEX)
    rows = await database.fetch(NEAR, mark, letter["id"], but, MOST_COMPARED)
    found = [_like(row, mine, letter) for row in rows]
    near = [one for one in found if one.share >= ALIKE]
    return sorted(near, key=lambda one: (one.by_person, one.share, one.id), reverse=True)


NEAR = """
    SELECT r.id, r.kind, r.detail, r.text, l.email_key,
           EXISTS (SELECT FROM sorting_decision d WHERE d.response = r.id) AS by_person
    FROM response r JOIN letter l ON l.id = r.letter
    WHERE r.likeness && $1 AND r.letter <> $2 AND r.id <> $3 AND r.text <> ''
    ORDER BY (SELECT count(*) FROM unnest(r.likeness) band WHERE band = ANY($1)) DESC, r.id LIMIT $4
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
    forms = [one for one in near if one.kind in FORMS and one.other_writer]
    if found.kind in FORMS and forms:
        said = f"{round(100 * forms[0].share)} % the words of response {forms[0].id} to another letter"
        return sorting.as_form(found, _surely(forms[0]), said)
    return found


async def tell(near: list[Like], by: int) -> None:
    """Call the earlier ones standard replies too, but for those that a person has sorted."""
    for one in near:
        if one.kind == sorting.ANSWER and one.other_writer and not one.by_person:
            await database.execute(
                "UPDATE response SET kind = $2, confidence = $3, evidence = $4 WHERE id = $1",
                one.id,
                sorting.FORM_REPLY,
                _surely(one),
                f"{round(100 * one.share)} % the words of response {by} to another letter",
            )


def _surely(one: Like) -> int:
    """From 78 % for what is only just alike to 98 % for the very same words."""
    return round(100 * one.share) - 2
