"""The newest who let their names be shown on a campaign's page."""

from dataclasses import dataclass
from typing import Final

from undersigned.kit import database
from undersigned.supporters import names

SHOWN: Final = 6


@dataclass(frozen=True)
class Signer:
    """A first name, and the constituency, empty when there is none."""

    name: str
    place: str


async def latest(campaign_id: int, chapter_id: int | None = None) -> list[Signer]:
    """The six counted last who ticked the box, newest first; of a chapter, if one is given."""
    rows = await database.fetch(_LATEST, campaign_id, chapter_id, SHOWN)
    return [Signer(names.first(row["name"]), row["place"]) for row in rows]


_LATEST = """
    SELECT s.name, coalesce(c.name, '') AS place
    FROM signature s LEFT JOIN constituency c ON c.gss_code = s.constituency
    WHERE s.campaign = $1 AND ($2::int IS NULL OR s.chapter = $2) AND s.shows_name AND s.confirmed_at IS NOT NULL
      AND s.withdrawn_at IS NULL AND s.discounted_at IS NULL
    ORDER BY s.confirmed_at DESC, s.id DESC LIMIT $3
"""
