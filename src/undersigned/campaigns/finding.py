"""Campaigns as visitors ask for them."""

import re
from typing import Any

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.kit import database
from undersigned.kit.caching import Shelf
from undersigned.kit.errors import Missing

shelf: Shelf[Campaign] = Shelf(seconds=1)


class CampaignMissing(Missing):
    """No campaign lives at this address."""


async def by_slug(slug: str) -> Campaign:
    """The campaign at this address, if the public may see it. Raises CampaignMissing."""
    found: Campaign | None = await Campaign.objects().where(Campaign.slug == slug).first().output(load_json=True)
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


async def search(words: str, limit: int = 50) -> list[Campaign]:
    """Open campaigns that hold these words, or all of them; newest first."""
    query = Campaign.objects().where(Campaign.state == "open")
    for word in words.split()[:8]:
        like = "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
        query = query.where(Campaign.title.ilike(like) | Campaign.ask.ilike(like) | Campaign.summary.ilike(like))
    return list(await query.order_by(Campaign.opens_at, ascending=False).limit(limit))


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
