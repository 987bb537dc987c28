"""Taking many signatures out of the count at once: counted first, stopped at any moment, and undone.

A discounting is a row before anything happens, and the row is the work that the worker is owed; see walking for
how it is done. Criteria that name a reason for which signatures are discounted already turn it round: those are
put back, and undoing takes them out again.
"""

import json
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.signatures import uncounting
from undersigned.signatures.criteria import Criteria
from undersigned.staff import audit

GOOD_FOR: Final = timedelta(hours=24)
"""An older count says too little of what would be found now."""
MOST_PLACES: Final = 6
UNDER_WAY: Final = ("running", "reversing")


class NothingMatches(Refused):
    """No signature is like that."""


class NotNow(Refused):
    """It is not in the state that this changes, or another one is under way."""


async def count(campaign_id: int, criteria: Criteria, staff_id: int) -> int:
    """Count what ``criteria`` mean now, change nothing, and answer the id of what can be started.

    Signatures that arrive later are never touched by it. Raises NothingMatches.
    """
    up_to = (await database.fetch("SELECT coalesce(max(id), 0) AS id FROM signature"))[0]["id"]
    by_place = await _by_place(campaign_id, criteria, up_to)
    found, counted = sum(row["found"] for row in by_place), sum(row["counted"] for row in by_place)
    if not found:
        raise NothingMatches(
            "No signature is like that in everything you gave. Take something away, or change it."
        )
    largest = Counter({row["constituency"]: row["counted"] for row in by_place if row["counted"]})
    places = json.dumps(largest.most_common(MOST_PLACES))
    async with database.transaction():
        row = await database.fetch(
            _COUNTED, campaign_id, criteria.as_json(), up_to, found, counted, places, staff_id
        )
        await _write_down("signatures counted", row[0]["id"], staff_id, found=found, counted=counted)
    return int(row[0]["id"])


_COUNTED = """
    INSERT INTO discounting (campaign, criteria, why, state, up_to, found, counted, places, done, moved, returned,
        last_id, staff_id, created_at)
    VALUES ($1, $2::jsonb, '', 'counted', $3, $4, $5, $6::jsonb, 0, 0, 0, 0, $7, now()) RETURNING id
"""


async def _by_place(campaign_id: int, criteria: Criteria, up_to: int) -> list[dict[str, Any]]:
    condition, values = criteria.conditions(3)
    return await database.fetch(
        f"""SELECT constituency, count(*) AS found,
                   count(*) FILTER (WHERE confirmed_at IS NOT NULL AND withdrawn_at IS NULL) AS counted
            FROM signature WHERE campaign = $1 AND id <= $2 AND {condition} GROUP BY constituency""",  # noqa: S608
        campaign_id,
        up_to,
        *values,
    )


async def start(campaign_id: int, discounting_id: int, why: str, staff_id: int) -> None:
    """Set going what was counted at most a day ago, one at a time in a campaign. Raises Missing, or NotNow."""
    async with database.transaction():
        await uncounting.lock_campaign(campaign_id)
        row = await _lock(campaign_id, discounting_id)
        await _check_start(row)
        await database.execute(
            "UPDATE discounting SET state = 'running', why = $2, staff_id = $3 WHERE id = $1",
            discounting_id,
            why,
            staff_id,
        )
        told = {"found": row["found"], "counted": row["counted"]}
        await _write_down("discounting started", discounting_id, staff_id, **told)


async def _check_start(row: dict[str, Any]) -> None:
    if row["state"] != "counted":
        raise NotNow("Somebody has started this meanwhile. Nothing was started twice.")
    if row["now"] - row["created_at"] > GOOD_FOR:
        raise NotNow("These were counted more than a day ago. Count them again, and read what it says now.")
    await _check_free(row["campaign"])


async def _check_free(campaign_id: int) -> None:
    if await database.fetch_one(
        "SELECT id FROM discounting WHERE campaign = $1 AND state = ANY($2)", campaign_id, list(UNDER_WAY)
    ):
        raise NotNow("Another one is under way in this campaign. Wait until it has ended, or stop it.")


async def cancel(campaign_id: int, discounting_id: int, staff_id: int) -> None:
    """Stop in the middle: what has been changed stays changed, and can be undone. Raises Missing, or NotNow."""
    async with database.transaction():
        row = await _lock(campaign_id, discounting_id)
        if row["state"] != "running":
            raise NotNow("It had ended before you stopped it.")
        await database.execute(
            "UPDATE discounting SET state = 'cancelled', ended_at = now() WHERE id = $1", discounting_id
        )
        told = {"done": row["done"], "moved": row["moved"]}
        await _write_down("discounting stopped", discounting_id, staff_id, **told)


async def reverse(campaign_id: int, discounting_id: int, staff_id: int) -> None:
    """Undo all that it has changed and nobody has changed since. Raises Missing, or NotNow."""
    async with database.transaction():
        await uncounting.lock_campaign(campaign_id)
        row = await _lock(campaign_id, discounting_id)
        if row["state"] not in {"done", "cancelled"} or not row["done"]:
            raise NotNow("There is nothing to undo here now. Somebody may have done it meanwhile.")
        await _check_free(campaign_id)
        await database.execute(
            """UPDATE discounting SET state = 'reversing', last_id = 0, ended_at = NULL, leased_until = NULL
               WHERE id = $1""",
            discounting_id,
        )
        await _write_down("discounting undone", discounting_id, staff_id, done=row["done"])


async def _lock(campaign_id: int, discounting_id: int) -> dict[str, Any]:
    row = await database.fetch_one(
        "SELECT *, now() FROM discounting WHERE id = $1 AND campaign = $2 FOR UPDATE", discounting_id, campaign_id
    )
    if row is None:
        raise Missing("There is no such count here. One that is never started is deleted after 30 days.")
    return row


async def _write_down(act: str, discounting_id: int, staff_id: int, **told: int) -> None:
    """In the audit stand numbers and nothing of the criteria, which may name somebody."""
    await audit.record(act, f"discounting {discounting_id}", after=told, staff_id=staff_id)
