"""How much work waits in each queue, and for how long the oldest of it has, for whoever keeps watch."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from undersigned.delivery import office_hours, pacing, switch
from undersigned.kit import database, outbox
from undersigned.kit.caching import Shelf

KEPT_SECONDS = 5
shelf: Shelf["list[Queue]"] = Shelf(KEPT_SECONDS)


@dataclass(frozen=True)
class Queue:
    """One queue: how much ``waits`` in it, and for how many seconds the oldest that could have left has not."""

    name: str
    waits: int
    oldest: float


async def all_of_them() -> list[Queue]:
    """Every queue, as it was at most some seconds ago. Letters that wait for their turn are not late."""
    return await shelf.get("", _look)


async def _look() -> list[Queue]:
    rows = await database.fetch(_WAITING)
    late = {"letters": await _letters_late()}
    return [Queue(row["name"], row["waits"], late.get(row["name"], float(row["oldest"]))) for row in rows]


async def _letters_late() -> float:
    """Since when the first letter whose turn it is could have left; outside office hours none could."""
    now = datetime.now(UTC)
    paced, opened_at = await pacing.is_on(), office_hours.opened_at(now)
    if paced and opened_at is None:
        return 0.0
    since = f"SELECT since FROM ({pacing.turns(now)}) AS turns" if paced else _SINCE  # noqa: S608 - our own.
    row = await database.fetch_one(
        f"""SELECT coalesce(max(extract(epoch FROM $1::timestamptz - greatest(since, $2::timestamptz))), 0) AS late
            FROM ({since}) AS may_leave WHERE {switch.NOT_STOPPED}""",  # noqa: S608
        now,
        opened_at if paced else None,
    )
    return max(0.0, float(row["late"])) if row else 0.0


_SINCE: Final = f"""
    SELECT due_at AS since FROM letter WHERE state = 'ready' AND due_at <= now() AND {pacing.GOES_ALONE}
"""  # noqa: S608 - our own condition.

_WAITING: Final = f"""
    SELECT 'mail' AS name, count(*) AS waits, coalesce(extract(epoch FROM now() - min(due_at)), 0) AS oldest
        FROM mail WHERE {outbox.DUE} AND mailing IS NULL
    UNION ALL SELECT 'bulk', count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)
        FROM mail WHERE {outbox.DUE} AND mailing IS NOT NULL
    UNION ALL SELECT 'letters', count(*), 0 FROM letter WHERE state = 'ready'
    UNION ALL SELECT 'bundles', count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)
        FROM bundle WHERE kind = 'mail' AND ended_at IS NULL AND due_at <= now() AND {switch.NOT_STOPPED}
    UNION ALL SELECT 'inbound', count(*), coalesce(extract(epoch FROM now() - min(received_at)), 0)
        FROM inbound_mail WHERE sorted_at IS NULL
"""  # noqa: S608 - our own conditions.
