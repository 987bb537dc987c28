"""A stance that was read from a reply."""

from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, pages
from undersigned.kit.errors import Missing
from undersigned.letters import stances
from undersigned.replies import listing
from undersigned.replies.forms import ReplyStanceForm
from undersigned.representatives.tables import Representative
from undersigned.stances import quoting


async def from_reply(response_id: int, form: ReplyStanceForm, staff_id: int) -> None:
    """Note the stance with the day of the reply, and ask about words that are to be shown.

    Raises Missing, NotAStance or NotToBeQuoted; then nothing is noted.
    """
    reply = await listing.reply(response_id)
    campaign = await Campaign.objects().where(Campaign.id == reply["campaign_id"]).first() if reply else None
    if reply is None or campaign is None:
        raise Missing("There is no such reply.")
    member = await Representative.objects().where(Representative.id == reply["representative"]).first()
    assert member is not None
    source = f"A reply to a constituent, {pages.day(reply['received_at'])}"
    async with database.transaction():
        stance_id = await stances.note(campaign, member, form.position, source, staff_id)
        if stance_id:
            await quoting.ask(stance_id, response_id, form.words)


async def campaigns() -> list[dict[str, Any]]:
    """Every campaign that representatives can stand on, the newest first: ``slug`` and ``title``."""
    return await database.fetch("SELECT slug, title FROM campaign WHERE state <> 'removed' ORDER BY id DESC")
