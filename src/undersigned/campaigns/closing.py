"""Closing: a campaign whose last day in London is over takes no more names, and its state says so."""

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.staff import audit


async def close() -> int:
    """Close every campaign whose moment has passed, once however often it is called; how many those were.

    A pause stops the clock, but not that of a pledge's deadline, which people were promised. Nobody waits for this
    to be turned away: forms and links go by the moment itself.
    """
    async with database.transaction():
        rows = await database.fetch(_CLOSE)
        for row in rows:
            told = {"ended_at": row["ended_at"]}
            await audit.record("campaign closed", f"campaign {row['slug']}", after=told, staff_id=audit.CLOCK)
    return len(rows)


# Whoever locks several campaigns does it in the order of their ids.
_CLOSE = f"""
    WITH over AS (
        SELECT id FROM campaign WHERE state = 'open' AND {Campaign.ENDS_AT} <= now()
            AND (paused_at IS NULL OR {Campaign.DEADLINE} <= now())
        ORDER BY id FOR NO KEY UPDATE
    ) UPDATE campaign SET state = 'closed', updated_at = now() FROM over WHERE campaign.id = over.id
      RETURNING slug, ({Campaign.ENDS_AT})::text AS ended_at
"""  # noqa: S608 - our own conditions.
