"""Discountings as the tests begin them, and what became of them."""

from typing import Any

import httpx

import front_door
import make
from signatures import many
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.signatures import discounting
from undersigned.signatures.criteria import Criteria

OWEN = 1


async def begin(campaign: Campaign, **criteria: Any) -> int:
    """Count what is like that, and start; answers the id of the discounting."""
    counted = await discounting.count(campaign.id, Criteria(**criteria), OWEN)
    await discounting.start(campaign.id, counted, "A burst of names that nobody knows.", OWEN)
    return counted


async def taken(discounting_id: int) -> set[int]:
    """The signatures that it has taken out."""
    rows = await db.fetch(
        "SELECT id FROM signature WHERE discounting = $1 AND discounted_at IS NOT NULL", discounting_id
    )
    return {row["id"] for row in rows}


async def state(discounting_id: int) -> dict[str, Any]:
    return await front_door.row("SELECT * FROM discounting WHERE id = $1", discounting_id)


async def a_crowd(client: httpx.AsyncClient, size: int = 60) -> tuple[Campaign, list[int]]:
    """Two in three have confirmed; another campaign has people who are like them in everything."""
    campaign = await make.campaign(slug="light")
    ids = await many.of(campaign, size, (await make.chapter(campaign)).id)
    await many.of(await make.campaign(), 10)
    await many.confirm(client, [signature_id for signature_id in ids if signature_id % 3])
    return campaign, ids
