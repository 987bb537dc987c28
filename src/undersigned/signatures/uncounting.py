"""Taking signatures out of the count and putting them back, with every total they stand in.

Whoever calls this has a transaction open and the campaign locked, as confirming does, so that nobody is given a
number or counted meanwhile.
"""

from collections import Counter
from typing import Any, Final

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.signatures import announcing, counting, pledging
from undersigned.staff import audit

BY_STAFF: Final = "staff"
"""Why a signature is discounted that a person, and no rule, took out of the count."""
_COLUMNS = """id, campaign, chapter, number, country, constituency, source, bucket, confirmed_at, withdrawn_at,
    discounted_at, discounted_why"""
Rows = list[dict[str, Any]]


class ChangedMeanwhile(Refused):
    """Somebody else has done it already, or the opposite."""


async def lock_campaign(campaign_id: int) -> Campaign:
    """One writer a campaign at a time; before any of its signatures is locked."""
    rows = await database.fetch("SELECT * FROM campaign WHERE id = $1 FOR NO KEY UPDATE", campaign_id)
    return Campaign(**rows[0], _exists_in_db=True)


async def lock(condition: str, *values: object) -> Rows:
    """The signatures for which ``condition`` holds, our own SQL, locked in the order of their ids."""
    return await database.fetch(
        f"SELECT {_COLUMNS} FROM signature WHERE {condition} ORDER BY id FOR UPDATE",  # noqa: S608
        *values,
    )


async def take_out(campaign: Campaign, rows: Rows, why: str, discounting: int | None = None) -> int:
    """Discount signatures that are not; how many of them stood in the count.

    Others are discounted too: one that is confirmed later does not count. The moment is not before the one of
    confirming, whatever the clocks of our machines say, so that :func:`put_back` knows whose number is their own.
    """
    await database.execute(
        """UPDATE signature SET discounted_at = greatest(clock_timestamp(), confirmed_at), discounted_why = $2,
               discounting = $3 WHERE id = ANY($1)""",
        [row["id"] for row in rows],
        why,
        discounting,
    )
    return await _move(campaign, rows, -1)


async def put_back(campaign: Campaign, rows: Rows, discounting: int | None = None) -> int:
    """Count signatures again that were discounted; how many of them stand in the count now.

    Who was discounted before confirming was told a number that was then given to the next, so they are given a
    new one; all others keep theirs. A name that was taken off stays off. Who was away when a pledge was decided is
    told now.
    """
    was_decided = campaign.pledge_reached_at or campaign.pledge_missed_at
    for row in rows:
        if _stands(row) and row["discounted_at"] < row["confirmed_at"]:
            campaign.last_number += 1
            row["number"] = campaign.last_number
    await database.execute(
        """UPDATE signature SET discounted_at = NULL, discounted_why = '', discounting = $3, number = given.number
           FROM unnest($1::bigint[], $2::int[]) AS given (id, number) WHERE signature.id = given.id""",
        [row["id"] for row in rows],
        [row["number"] for row in rows],
        discounting,
    )
    moved = await _move(campaign, rows, 1)
    if was_decided:
        await pledging.tell_restored(campaign, {row["id"]: row["discounted_at"] for row in rows})
    return moved


def _stands(row: dict[str, Any]) -> bool:
    return row["confirmed_at"] is not None and row["withdrawn_at"] is None


async def _move(campaign: Campaign, rows: Rows, step: int) -> int:
    """Move the campaign's count, its chapters' and every total by one a signature that stands."""
    standing = [row for row in rows if _stands(row)]
    chapters = Counter(row["chapter"] for row in standing if row["chapter"])
    totals = Counter(place for row in standing for place in counting.places_of(row))
    await database.execute(
        "UPDATE campaign SET signature_count = signature_count + $2, last_number = $3 WHERE id = $1",
        campaign.id,
        step * len(standing),
        campaign.last_number,
    )
    await database.execute(
        """UPDATE chapter SET signature_count = signature_count + given.moved
           FROM unnest($1::int[], $2::int[]) AS given (id, moved) WHERE chapter.id = given.id""",
        list(chapters),
        [step * moved for moved in chapters.values()],
    )
    await counting.add(Counter({place: step * total for place, total in totals.items()}))
    campaign.signature_count += step * len(standing)
    if step > 0:
        await pledging.reach([campaign])
    return len(standing)


async def discount_one(campaign_id: int, signature_id: int, staff_id: int) -> None:
    """Take one signature out of the count. Raises Missing, or ChangedMeanwhile when it is out already."""
    async with database.transaction():
        campaign, rows = await _lock_one(campaign_id, signature_id)
        if rows[0]["discounted_at"]:
            raise ChangedMeanwhile("That signature is not counted already. Nothing was changed now.")
        moved = await take_out(campaign, rows, BY_STAFF)
        await audit.record(
            "signature discounted", f"signature {signature_id}", after={"moved": moved}, staff_id=staff_id
        )
    await announcing.tell_again(campaign_id)


async def restore_one(campaign_id: int, signature_id: int, staff_id: int) -> None:
    """Put one signature back. Raises Missing, or ChangedMeanwhile when it is not discounted any more."""
    async with database.transaction():
        campaign, rows = await _lock_one(campaign_id, signature_id)
        if not rows[0]["discounted_at"]:
            raise ChangedMeanwhile("Somebody else has put that signature back meanwhile.")
        before = {"discounted_why": rows[0]["discounted_why"]}
        moved = await put_back(campaign, rows)
        await audit.record(
            "signature restored", f"signature {signature_id}", before, {"moved": moved}, staff_id=staff_id
        )
    await announcing.tell_again(campaign_id)


async def _lock_one(campaign_id: int, signature_id: int) -> tuple[Campaign, Rows]:
    campaign = await lock_campaign(campaign_id)
    rows = await lock("id = $1 AND campaign = $2", signature_id, campaign_id)
    if not rows:
        raise Missing("There is no such signature here. It may have been erased.")
    return campaign, rows
