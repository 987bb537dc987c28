"""Totals that move in the same transaction as the names behind them, so that they are never guessed."""

from collections import Counter
from typing import Any

from undersigned.kit import database
from undersigned.signatures.arriving import came_by
from undersigned.signatures.tables import hour_of

Totals = Counter[tuple[int, str, str]]


def places_of(row: dict[str, Any]) -> list[tuple[int, str, str]]:
    """The totals (campaign, kind, key) that one confirmed signature stands in."""
    campaign, at = row["campaign"], row["confirmed_at"]
    places = [("country", row["country"]), ("constituency", row["constituency"]), ("chapter", row["chapter"])]
    keys = [(kind, str(key)) for kind, key in places if key is not None]
    keys += [("confirmed", hour_of(at)), ("source", came_by(row["source"], row["bucket"]))]
    return [(campaign, kind, key) for kind, key in keys]


def arrivals_of(row: dict[str, Any]) -> list[tuple[int, str, str]]:
    """The totals (campaign, kind, key) that a signature stands in from when it is made, confirmed or not."""
    campaign, at, came = row["campaign"], row["created_at"], came_by(row["source"], row["bucket"])
    return [(campaign, "created", hour_of(at)), (campaign, "came", came)]


async def add(totals: Totals) -> None:
    """Move the totals (campaign, kind, key) by so much, in one statement and in sorted order."""
    if not totals:
        return
    keys = sorted(totals)
    await database.execute(
        """INSERT INTO tally (campaign, kind, key, total)
           SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[])
           ON CONFLICT (campaign, kind, key) DO UPDATE SET total = tally.total + excluded.total""",
        [campaign for campaign, _, _ in keys],
        [kind for _, kind, _ in keys],
        [key for _, _, key in keys],
        [totals[key] for key in keys],
    )
