"""Campaigns as visitors ask for them."""

import re
from typing import Any

from piccolo.columns.combination import Where

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.kit import database
from undersigned.kit.caching import Shelf
from undersigned.kit.errors import Missing

shelf: Shelf[Campaign] = Shelf(seconds=1)


class CampaignMissing(Missing):
    """No campaign lives at this address."""


async def by_slug(slug: str) -> Campaign:
    """The campaign at this address, if the public may see it. Raises CampaignMissing."""
    return await _public(Campaign.slug == slug)


async def by_number(campaign_id: int) -> Campaign:
    """As :func:`by_slug`, by the number of its short link, which stays when the address changes."""
    return await _public(Campaign.id == campaign_id)


async def any_by_slug(slug: str) -> Campaign:
    """Any campaign, a draft too: staff see what the public cannot yet. Raises CampaignMissing."""
    campaign: Campaign | None = await Campaign.objects().where(Campaign.slug == slug).first()
    if campaign is None:
        raise CampaignMissing("There is no campaign at this address.")
    return campaign


async def _public(which: Where) -> Campaign:
    found: Campaign | None = await Campaign.objects().where(which).first().output(load_json=True)
    if found is None or not found.is_public:
        raise CampaignMissing(
            "There is no campaign at this address. It may have moved, or the link may be cut off."
        )
    return found


async def known(slug: str) -> Campaign:
    """As :func:`by_slug`, but as it was at most a second ago: for what a crowd asks. Raises CampaignMissing."""
    return await shelf.get(slug, lambda: by_slug(slug))


async def to_sign(slug: str) -> Campaign:
    """As :func:`known`, for what only a campaign has that people sign. Raises CampaignMissing."""
    found = await known(slug)
    if found.kind == "action":
        raise CampaignMissing("There is nothing to sign here. What you can do is on the campaign’s page.")
    return found


async def chapter(campaign: Campaign, slug: str) -> Chapter:
    """A chapter of ``campaign``. Raises CampaignMissing."""
    found: Chapter | None = (
        await Chapter.objects()
        .where(Chapter.campaign == campaign.id, Chapter.slug == slug)
        .first()
        .output(load_json=True)
    )
    if found is None:
        raise CampaignMissing("There is no chapter at this address.")
    return found


OVER = ("closed", "archived")


async def search(words: str, limit: int = 50) -> list[Campaign]:
    """Campaigns that hold all of these words, open ones before those that are over; the newest of each first."""
    query = Campaign.objects().where(Campaign.state.is_in(["open", *OVER]))
    for word in words.split()[:8]:
        like = "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
        query = query.where(Campaign.title.ilike(like) | Campaign.ask.ilike(like) | Campaign.summary.ilike(like))
    # By the alphabet what is open comes before what is closed, and what is archived last.
    found = await query.order_by(Campaign.state, Campaign.opens_at, ascending=False).limit(limit)
    return sorted(found, key=lambda campaign: campaign.is_over)


async def still_open(limit: int = 50) -> list[Campaign]:
    """Campaigns that are open or about to be, the newest first."""
    rows = Campaign.objects().where(Campaign.state == "open").order_by(Campaign.opens_at, ascending=False)
    return list(await rows.limit(limit))


async def over(limit: int = 50) -> list[Campaign]:
    """Campaigns that are kept as a record, the one that closed last first."""
    rows = await database.fetch(
        f"""SELECT * FROM campaign WHERE state = ANY($1)
            ORDER BY coalesce({Campaign.ENDS_AT}, opens_at) DESC NULLS LAST, id DESC LIMIT $2""",  # noqa: S608
        list(OVER),
        limit,
    )
    return [Campaign(**row, _exists_in_db=True) for row in rows]


async def trending(limit: int = 3) -> list[dict[str, Any]]:
    """The campaigns with most confirmed signatures in the last hour or two; ``lately`` says how many."""
    return await database.fetch(
        """SELECT c.*, sum(t.total)::int AS lately FROM tally t JOIN campaign c ON c.id = t.campaign
           WHERE t.kind = 'confirmed' AND c.state = 'open'
             AND t.key >= to_char(now() AT TIME ZONE 'UTC' - interval '1 hour', 'YYYY-MM-DD"T"HH24')
           GROUP BY c.id ORDER BY lately DESC, c.id LIMIT $1""",
        limit,
    )


async def closing(limit: int = 3) -> list[Campaign]:
    """Open campaigns that close within a fortnight, soonest first."""
    rows = await database.fetch(
        f"""SELECT * FROM campaign
            WHERE state = 'open' AND {Campaign.ENDS_AT} BETWEEN now() AND now() + interval '14 days'
            ORDER BY {Campaign.ENDS_AT}, id LIMIT $1""",  # noqa: S608 - our own condition.
        limit,
    )
    return [Campaign(**row, _exists_in_db=True) for row in rows]
