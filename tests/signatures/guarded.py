"""Signing from an address of one's own, behind a proxy that is trusted, and what became of it."""

import asyncio
from typing import Any

import httpx

import make
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db


async def sign(client: httpx.AsyncClient, campaign: Campaign, ip: str, **typed: str) -> httpx.Response:
    """Send the form as Amina would, from ``ip``."""
    return await client.post(
        f"/campaigns/{campaign.slug}/sign", data=make.signing(**typed), headers={"x-forwarded-for": ip}
    )


async def crowd(
    client: httpx.AsyncClient, campaign: Campaign, many: int, ip: str = "203.0.113.7", email: str = "s{}@gmail.com"
) -> list[httpx.Response]:
    """So many people sign at once; their number goes into the braces of ``ip`` and ``email``."""
    return await asyncio.gather(
        *(sign(client, campaign, ip.format(n), email=email.format(n), name=f"Person {n}x") for n in range(many))
    )


async def became() -> dict[str, int]:
    """How many signatures there are by the reason why they are not counted, "" for those that are."""
    rows = await db.fetch("SELECT discounted_why AS why, count(*)::int AS n FROM signature GROUP BY why")
    return {row["why"]: row["n"] for row in rows}


async def listed(kind: str, value: str, verdict: str, campaign: Campaign | None = None) -> None:
    """Staff have put something on a list."""
    await db.execute(
        "INSERT INTO listed (campaign, kind, value, verdict, created_at) VALUES ($1, $2, $3, $4, now())",
        campaign and campaign.id,
        kind,
        value,
        verdict,
    )


async def signed(email: str) -> dict[str, Any]:
    """One signature, by the address it was signed with."""
    (row,) = await db.fetch("SELECT * FROM signature WHERE email = $1", email)
    return row
