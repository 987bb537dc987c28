"""Reminding staff of centres that nobody has checked for half a year."""

from datetime import date, timedelta
from typing import Any, Final

from undersigned.campaigns.tables import Campaign
from undersigned.centres.finding import FRESH
from undersigned.centres.tables import Centre
from undersigned.kit import database, days
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.settings import settings
from undersigned.staff import operator

AGAIN: Final = timedelta(days=30)
"""How long after one reminder of a centre the next may come."""
MOST_NAMED: Final = 30
MONDAY: Final = 0


async def remind(today: date | None = None) -> int:
    """On a Monday, owe the operator one e-mail for each campaign with centres to check; answers how many.

    One centre is the reason at most once in thirty days, and never once its campaign is over.
    """
    today = today or days.today()
    if today.weekday() != MONDAY:
        return 0
    async with database.transaction():
        rows = await database.fetch(_TO_REMIND, today - FRESH, AGAIN)
        campaigns = sorted({row["campaign"] for row in rows})
        for campaign_id in campaigns:
            await owe("centres_to_check", campaign_id, await operator.address())
    return len(campaigns)


_TO_REMIND: Final = """
    UPDATE centre SET reminded_at = now() WHERE id IN (
        SELECT centre.id FROM centre JOIN campaign ON campaign.id = centre.campaign
        WHERE campaign.state = 'open' AND (checked_on IS NULL OR checked_on < $1)
          AND (reminded_at IS NULL OR reminded_at < now() - $2::interval)
        FOR UPDATE OF centre SKIP LOCKED)
    RETURNING campaign
"""


async def due(campaign_id: int) -> list[Centre]:
    """The centres of a campaign that should be checked, those that nobody ever has first."""
    stale = (Centre.checked_on.is_null()) | (Centre.checked_on < days.today() - FRESH)
    rows = Centre.objects().where(Centre.campaign == campaign_id, stale)
    return sorted(await rows, key=lambda row: (row.checked_on is not None, row.checked_on, row.name))


@composes("centres_to_check")
async def write(campaign_id: int) -> Composed | None:
    """The e-mail that names them; None when all have been checked since."""
    campaign = await Campaign.objects().where(Campaign.id == campaign_id).first()
    centres = await due(campaign_id)
    if campaign is None or not centres:
        return None
    context = {
        "campaign": campaign,
        "centres": centres[:MOST_NAMED],
        "more": max(0, len(centres) - MOST_NAMED),
        "url": f"{settings.base_url}/staff/campaigns/{campaign.slug}/centres",
    }
    return Composed("centres/emails/to_check", context)


async def counts() -> list[dict[str, Any]]:
    """Of each campaign that has any, how many centres, and how many of them are ``due``."""
    return await database.fetch(
        """SELECT c.slug, count(*)::int AS centres,
               count(*) FILTER (WHERE checked_on IS NULL OR checked_on < $1)::int AS due
           FROM centre JOIN campaign c ON c.id = centre.campaign GROUP BY c.slug ORDER BY c.slug""",
        days.today() - FRESH,
    )
