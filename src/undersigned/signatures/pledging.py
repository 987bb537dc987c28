"""A pledge that holds if enough others make it: reached once, in the commit that counts the last who was needed.

It stays reached, whoever leaves later. One that was not reached when its last link stopped counting is missed, and
everybody who made it is told once that they are released.
"""

from collections.abc import Iterable
from datetime import datetime

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, tokens
from undersigned.kit.outbox import Composed, composes
from undersigned.settings import settings
from undersigned.signatures import mailing
from undersigned.signatures.tables import Signature
from undersigned.staff import audit


async def reach(campaigns: Iterable[Campaign]) -> None:
    """Note which of ``campaigns`` are reached now; they are locked, and their counts are as they are committed.

    Those counted so far are owed an e-mail; whoever is counted later is told on the page.
    """
    for campaign in campaigns:
        if _is_undecided(campaign) and _has_enough(campaign) and campaign.counts_confirmations:
            await _decide(campaign, "reached")


async def settle() -> int:
    """Decide every pledge whose last link has stopped counting, and how many those were. Twice is once."""
    rows = await database.fetch(
        """SELECT id FROM campaign WHERE kind = 'pledge' AND pledge_target IS NOT NULL
           AND pledge_reached_at IS NULL AND pledge_missed_at IS NULL
           AND state IN ('open', 'closed') ORDER BY id"""
    )
    return sum([await _settle(row["id"]) for row in rows])


async def _settle(campaign_id: int) -> bool:
    async with database.transaction():
        row = await database.fetch_one("SELECT * FROM campaign WHERE id = $1 FOR NO KEY UPDATE", campaign_id)
        campaign = Campaign(**row or {}, _exists_in_db=True)
        if not _is_undecided(campaign):
            return False
        if _has_enough(campaign):
            await _decide(campaign, "reached")
        elif not campaign.counts_confirmations:
            await _decide(campaign, "missed")
        else:
            return False
    return True


def _is_undecided(campaign: Campaign) -> bool:
    is_conditional = campaign.kind == "pledge" and campaign.pledge_target is not None
    return is_conditional and not (campaign.pledge_reached_at or campaign.pledge_missed_at)


def _has_enough(campaign: Campaign) -> bool:
    return campaign.signature_count >= (campaign.pledge_target or 0)


async def _decide(campaign: Campaign, how: str) -> None:
    """Reached or missed, for good; everybody who is counted is owed the news."""
    rows = await database.fetch(
        f"UPDATE campaign SET pledge_{how}_at = clock_timestamp() WHERE id = $1 RETURNING pledge_{how}_at AS at",  # noqa: S608
        campaign.id,
    )
    setattr(campaign, f"pledge_{how}_at", rows[0]["at"])
    await mailing.begin(f"pledge_{how}", campaign, campaign.id, campaign.signature_count)
    told = {"signature_count": campaign.signature_count, "pledge_target": campaign.pledge_target}
    await audit.record(f"pledge {how}", f"campaign {campaign.slug}", after=told, staff_id=audit.CLOCK)


async def tell_restored(campaign: Campaign, restored: dict[int, datetime]) -> None:
    """Tell those who were put back in the count after it was decided, unless they know; as mailing says."""
    await mailing.catch_up(campaign.id, ("pledge_reached", "pledge_missed"), restored)


@composes("pledge_reached")
async def write_reached(signature_id: int, mailing_id: int) -> Composed | None:
    """The e-mail that says: it is on."""
    context = await _context(signature_id)
    return Composed("signatures/emails/pledge_reached", context) if context else None


@composes("pledge_missed")
async def write_missed(signature_id: int, mailing_id: int) -> Composed | None:
    """The e-mail that releases somebody from their word."""
    context = await _context(signature_id)
    return Composed("signatures/emails/pledge_missed", context) if context else None


async def _context(signature_id: int) -> dict[str, object] | None:
    """None for somebody who does not stand behind it any more."""
    signature = await Signature.with_campaign(signature_id)
    if signature is None or not signature.counts or not signature.campaign.is_public:
        return None
    return {
        "campaign": signature.campaign,
        "name": signature.name,
        "url": f"{settings.base_url}/campaigns/{signature.campaign.slug}",
        "you_url": f"{settings.base_url}/you/{tokens.issue('you', signature_id)}",
    }
