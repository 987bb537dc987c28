"""Which letter a campaign offers its supporters."""

from datetime import UTC, datetime

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.letters import versions
from undersigned.staff import audit

CHANGEABLE = ("draft", "submitted", "open", "closed")


class NotForUse(Refused):
    """The letter is put away, or has a mistake."""


async def choose(slug: str, name: str, staff_id: int) -> Campaign:
    """Let a campaign use the letter ``name`` from now on; what is written already stays.

    Raises NotForUse, BadLetter or Missing.
    """
    version = await versions.current(name)
    if version.archived_at is not None:
        raise NotForUse("This letter is put away. Take it out again first.")
    versions.parsed(version)
    return await _change(slug, name, staff_id)


async def drop(slug: str, name: str, staff_id: int) -> Campaign:
    """Let a campaign go without its letter ``name``; one that uses another keeps it. Raises Missing."""
    return await _change(slug, "", staff_id, name)


async def _change(slug: str, name: str, staff_id: int, only_from: str | None = None) -> Campaign:
    async with database.transaction():
        changeable = Campaign.state.is_in(list(CHANGEABLE))
        campaign = await Campaign.objects().where(Campaign.slug == slug, changeable).lock_rows("UPDATE").first()
        if campaign is None:
            raise Missing("There is no such campaign, or it is over. Choose one of the list.")
        before = campaign.letter
        if before != name and only_from in {None, before}:
            await Campaign.update({Campaign.letter: name, Campaign.updated_at: datetime.now(UTC)}).where(
                Campaign.id == campaign.id
            )
            told = {"letter": before}, {"letter": name}
            await audit.record("letter chosen", f"campaign {campaign.id}", *told, staff_id)
    return campaign
