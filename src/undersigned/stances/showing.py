"""Where representatives stand, for pages: the position, how we know, and what they wrote if it may be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from undersigned.kit import database
from undersigned.letters import stances

_SHOWN: Final = """
    SELECT s.id, s.campaign, s.representative, s.position, s.source, s.recorded_at, s.ended_at,
        m.display_name AS mp, m.party, k.name AS constituency, k.gss_code, c.slug, c.title,
        (SELECT q.words FROM quotation q WHERE q.stance = s.id AND q.answer = 'yes' AND q.words <> ''
         ORDER BY q.id DESC LIMIT 1) AS words,
        (SELECT q.answer FROM quotation q WHERE q.stance = s.id AND q.words <> ''
         ORDER BY q.id DESC LIMIT 1) AS said
    FROM stance s JOIN campaign c ON c.id = s.campaign JOIN representative m ON m.id = s.representative
    LEFT JOIN membership sits ON sits.representative = m.id AND sits.ended_on IS NULL
    LEFT JOIN constituency k ON k.gss_code = sits.constituency
"""


@dataclass(frozen=True)
class Shown:
    """One stance. ``words`` are what may be shown of a reply; ``waits`` says that its reader was asked."""

    id: int
    slug: str
    campaign: str
    representative: int
    mp: str
    party: str
    constituency: str
    gss_code: str
    position: str
    source: str
    at: datetime
    ended_at: datetime | None
    words: str
    waits: bool

    @property
    def says(self) -> str:
        """The position in words."""
        return stances.WORDS[self.position]


async def of_campaign(campaign_id: int, position: str = "") -> list[Shown]:
    """Where everybody stands on a campaign now, by constituency; those of one position when given."""
    rows = await database.fetch(
        f"""{_SHOWN} WHERE s.campaign = $1 AND s.ended_at IS NULL AND ($2 = '' OR s.position = $2)
            ORDER BY k.name NULLS LAST, m.display_name""",
        campaign_id,
        position,
    )
    return [_shown(row) for row in rows]


async def of_member(representative_id: int) -> list[Shown]:
    """Where one representative stands on every campaign that can be seen, the newest first."""
    rows = await database.fetch(
        f"""{_SHOWN} WHERE s.representative = $1 AND s.ended_at IS NULL
                AND c.state IN ('open', 'closed', 'archived') ORDER BY s.id DESC""",
        representative_id,
    )
    return [_shown(row) for row in rows]


async def now(campaign_id: int, representative_id: int) -> Shown | None:
    """Where one representative stands on one campaign, if we know."""
    rows = await database.fetch(
        f"{_SHOWN} WHERE s.campaign = $1 AND s.representative = $2 AND s.ended_at IS NULL",
        campaign_id,
        representative_id,
    )
    return _shown(rows[0]) if rows else None


async def counts(campaign_id: int) -> dict[str, int]:
    """How many take each position now, in the order of the positions; those that nobody takes are left out."""
    rows = await database.fetch(
        """SELECT position, count(*)::int AS n FROM stance
           WHERE campaign = $1 AND ended_at IS NULL GROUP BY position""",
        campaign_id,
    )
    found = {row["position"]: row["n"] for row in rows}
    return {position: found[position] for position in stances.WORDS if position in found}


def _shown(row: dict[str, Any]) -> Shown:
    return Shown(
        id=row["id"],
        slug=row["slug"],
        campaign=row["title"],
        representative=row["representative"],
        mp=row["mp"],
        party=row["party"],
        constituency=row["constituency"] or "",
        gss_code=row["gss_code"] or "",
        position=row["position"],
        source=row["source"],
        at=row["recorded_at"],
        ended_at=row["ended_at"],
        words=row["words"] or "",
        waits=row["said"] == "",
    )
