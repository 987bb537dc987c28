"""Letters that wait for a person, as the desk lists them: why, since when, and who decided."""

from typing import Any, Final

from undersigned.dashboards.paging import PER_PAGE, Page
from undersigned.delivery import failing
from undersigned.kit import database
from undersigned.letters import likeness, states
from undersigned.letters.tables import Letter

TO_DECIDE: Final = "decide"
WHY: Final = {
    TO_DECIDE: "All that wait for a decision",
    "alike": "Much like another letter",
    "address": "Mail to their MP comes back",
    "campaign": "Their campaign was taken down",
    "reader": "Their MP has gone, or takes no letters",
    "paper": "To be printed and posted",
}
"""The filters of the list. What is to be printed wants no decision, and has pages of its own."""

_HELD = """
    SELECT l.id, l.name, l.reason, l.own_share, l.held_at, l.told_at, r.display_name AS mp, k.name AS constituency,
        c.slug, c.title AS campaign, CASE
            WHEN l.reason = ANY($1) THEN 'paper'
            WHEN c.state IN ('rejected', 'removed') THEN 'campaign'
            WHEN l.resembles IS NOT NULL OR l.reason = $2 THEN 'alike'
            WHEN l.reason = $3 THEN 'address'
            ELSE 'reader' END AS why
    FROM letter l JOIN campaign c ON c.id = l.campaign JOIN representative r ON r.id = l.representative
    LEFT JOIN constituency k ON k.gss_code = l.constituency
    WHERE l.state = 'held'
"""
_REASONS: Final = (list(states.FOR_PAPER), likeness.REASON, failing.REASON)


async def listed(why: str = TO_DECIDE, campaign: str = "", number: int = 1) -> Page:
    """Those held for a key of WHY, of one campaign's slug when given: the one that has waited longest first."""
    rows = await database.fetch(
        f"""SELECT * FROM ({_HELD}) AS held
            WHERE (why = $4 OR $4 = '{TO_DECIDE}' AND why <> 'paper') AND ($5 = '' OR slug = $5)
            ORDER BY held_at, id LIMIT $6 OFFSET $7""",  # noqa: S608 - our own words.
        *_REASONS,
        why,
        campaign,
        PER_PAGE + 1,
        (number - 1) * PER_PAGE,
    )
    return Page(rows[:PER_PAGE], number, len(rows) > PER_PAGE)


async def counts(campaign: str = "") -> dict[str, int]:
    """How many there are for each key of WHY."""
    rows = await database.fetch(
        f"SELECT why, count(*)::int AS n FROM ({_HELD}) AS held WHERE $4 = '' OR slug = $4 GROUP BY why",  # noqa: S608
        *_REASONS,
        campaign,
    )
    found = dict.fromkeys(WHY, 0) | {row["why"]: row["n"] for row in rows}
    return found | {TO_DECIDE: sum(found.values()) - found["paper"]}


async def campaigns() -> list[dict[str, Any]]:
    """The campaigns that have letters held, by title: ``slug``, ``title`` and ``letters``."""
    return await database.fetch(
        """SELECT c.slug, c.title, count(*)::int AS letters FROM letter l JOIN campaign c ON c.id = l.campaign
           WHERE l.state = 'held' GROUP BY c.id ORDER BY c.title"""
    )


async def longest() -> dict[str, Any] | None:
    """The one that has waited longest for a decision, if any does."""
    rows = (await listed()).rows
    return rows[0] if rows else None


async def resembled(letter: Letter) -> Letter | None:
    """The letter by somebody else that a held one is too like, while both have their words."""
    if letter.state != "held" or letter.resembles is None:
        return None
    return await Letter.objects().where(Letter.id == letter.resembles).first()


async def decisions(letter_id: int) -> list[dict[str, Any]]:
    """What staff have decided about a letter, the first first: ``act`` in words, ``who`` and ``done_at``."""
    rows = await database.fetch(
        """SELECT a.act, a.done_at, coalesce(nullif(s.name, ''), s.email, '') AS who
           FROM audit a LEFT JOIN staff s ON s.id::text = a.staff_id
           WHERE a.about = $1 AND a.act = ANY($2) ORDER BY a.id""",
        f"letter {letter_id}",
        list(DECIDED),
    )
    return [row | {"act": DECIDED[row["act"]]} for row in rows]


DECIDED: Final = {
    "held letter: again": "Let go",
    "held letter: posted": "Noted as posted",
    "held letter: give-up": "Given up",
    "held letter: refuse": "Refused",
    "letter put on paper": "Put on paper",
}
