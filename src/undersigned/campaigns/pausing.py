"""Taking no names for a while, and going on: the days of a pause are given back at the end."""

from typing import Any

from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.staff import audit


class NothingToPause(Refused):
    """The campaign is not in the state that this changes."""


async def pause(campaign_id: int, why: str, staff_id: int) -> None:
    """Take no more names from now on; links that have been mailed still count. Raises NothingToPause.

    ``why`` is shown to whoever comes to sign.
    """
    async with database.transaction():
        row = await database.fetch_one(
            """UPDATE campaign SET paused_at = now(), paused_why = $2, updated_at = now()
               WHERE id = $1 AND paused_at IS NULL AND state = 'open' RETURNING slug""",
            campaign_id,
            why,
        )
        await _write_down("signing paused", row, staff_id, {"why": why})


async def resume(campaign_id: int, staff_id: int) -> None:
    """Take names again, and close as many days later as the pause lasted. Raises NothingToPause.

    They are whole days of London's, so that a campaign which closes at midnight does so still, whatever the clocks
    do: half a day or more is given back as one, and less as none, however often. Only where it would have closed
    in the pause is every day given back that had begun, so that going on never means to close at once. The
    deadline of a pledge stays: people were promised it.
    """
    async with database.transaction():
        row = await database.fetch_one(_RESUME, campaign_id)
        await _write_down("signing resumed", row, staff_id, {"closes_at": row and row["closes_at"]})


_RESUME = """
    UPDATE campaign SET paused_at = NULL, paused_why = '', updated_at = now(),
        closes_at = (closes_at AT TIME ZONE 'Europe/London'
            + make_interval(days => CASE WHEN closes_at <= now()
                THEN ceil(extract(epoch FROM now() - paused_at) / 86400)
                ELSE round(extract(epoch FROM now() - paused_at) / 86400) END::int))
            AT TIME ZONE 'Europe/London'
    WHERE id = $1 AND paused_at IS NOT NULL RETURNING slug, closes_at::text
"""


async def _write_down(act: str, row: dict[str, Any] | None, staff_id: int, after: dict[str, Any]) -> None:
    if row is None:
        raise NothingToPause("Somebody else has changed this meanwhile. Nothing was changed now.")
    await audit.record(act, f"campaign {row['slug']}", after=after, staff_id=staff_id)
