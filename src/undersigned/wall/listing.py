"""Endorsements as the desk reads them, by state: those that wait the oldest first, the shown ones in order."""

from dataclasses import dataclass
from typing import Any, Final

from undersigned.endorsements.ordering import ORDER
from undersigned.endorsements.showing import as_shown
from undersigned.kit import database

A_PAGE: Final = 50
STATES: Final = {"confirmed": "To be read", "shown": "Shown", "refused": "Not shown"}
_ORDERS: Final = {
    "confirmed": "e.confirmed_at, e.id",
    "shown": f"h.name NULLS FIRST, {', '.join(f'e.{part}' for part in ORDER.split(', '))}",
    "refused": "e.decided_at DESC, e.id DESC",
}


@dataclass(frozen=True)
class Page:
    """Some of those in one state; ``unconfirmed`` is how many have not been answered by their sender yet."""

    rows: list[dict[str, Any]]
    number: int
    counts: dict[str, int]
    unconfirmed: int

    @property
    def more(self) -> bool:
        """Whether there is another page."""
        return len(self.rows) > A_PAGE

    @property
    def those(self) -> list[dict[str, Any]]:
        """The rows of this page, each with how everybody would see it."""
        return [row | {"as_shown": as_shown(row)} for row in self.rows[:A_PAGE]]


async def page(campaign_id: int, state: str, number: int) -> Page:
    """Fifty in one of STATES, each with its chapter's name and whether it takes the place of one that is shown."""
    rows = await database.fetch(
        f"""SELECT e.*, h.name AS chapter_name, EXISTS (
                SELECT FROM endorsement old WHERE old.email_key = e.email_key AND e.email_key <> ''
                  AND old.id < e.id AND old.campaign = e.campaign AND old.kind = e.kind AND old.state = 'shown'
                  AND old.chapter IS NOT DISTINCT FROM e.chapter) AS replaces
            FROM endorsement e LEFT JOIN chapter h ON h.id = e.chapter
            WHERE e.campaign = $1 AND e.state = $2 ORDER BY {_ORDERS[state]} LIMIT $3 OFFSET $4""",  # noqa: S608
        campaign_id,
        state,
        A_PAGE + 1,
        (number - 1) * A_PAGE,
    )
    counts = await _counts(campaign_id)
    return Page(rows, number, {name: counts.get(name, 0) for name in STATES}, counts.get("waiting", 0))


async def _counts(campaign_id: int) -> dict[str, int]:
    rows = await database.fetch(
        "SELECT state, count(*)::int AS n FROM endorsement WHERE campaign = $1 GROUP BY state", campaign_id
    )
    return {row["state"]: row["n"] for row in rows}
