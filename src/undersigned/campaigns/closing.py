"""Closing: a campaign whose last day in London is over takes no more names, and its state says so."""

from undersigned.kit import database
from undersigned.staff import audit


async def close() -> int:
    """Close every campaign whose moment has passed, once however often it is called; how many those were.

    A pause stops the clock. Nobody waits for this to be turned away: forms and links go by the moment itself.
    """
    async with database.transaction():
        rows = await database.fetch(
            """UPDATE campaign SET state = 'closed', updated_at = now()
               WHERE state = 'open' AND closes_at <= now() AND paused_at IS NULL RETURNING slug, closes_at::text"""
        )
        for row in rows:
            told = {"closes_at": row["closes_at"]}
            await audit.record("campaign closed", f"campaign {row['slug']}", after=told, staff_id=audit.CLOCK)
    return len(rows)
