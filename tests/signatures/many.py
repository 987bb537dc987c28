"""Many people who sign at once from everywhere, and a count of them that trusts no total."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.signatures import confirmation
from undersigned.signatures.tables import Signature
from undersigned.supporters import addresses, consents

BEGAN = datetime(2026, 11, 20, 9, tzinfo=UTC)
NAMES = ("Amina Rahman", "Zoë O’Brien", "100% Real", "Under_score Lee", "Yusuf Rahman", "Bronwen Llŷr")
DOMAINS = ("example.org", "mail.example.org", "burst_1.example.com", "burstx1.example.com")
SEATS = ("E14001144", "E14001373", None)
POSTCODES = ("BL9 0SW", "BL9 0AB", "M2 5PD", "BL90 1AA", "")
ADDRESSES = ("203.0.113.7", "203.0.113.200", "198.51.100.9", "2001:db8::7", "")
FLAGS = ("", "quick", "quick no-proof", "disposable")


async def signed(campaign: Campaign, number: int, **told: Any) -> int:
    """The id of a signature that nobody has confirmed; ``number`` makes its mailbox its own."""
    name, email = told.pop("name", "Amina Rahman"), f"person{number}@{told.pop('domain', 'example.org')}"
    row = Signature(
        **{
            "campaign": campaign.id,
            "name": name,
            "name_key": addresses.name_key(name),
            "email": email,
            "email_key": addresses.key(email),
            "postcode": "BL9 0SW",
            "constituency": "E14001144",
            "match": "exact",
            "wording": await consents.wording_id("I agree."),
            "created_at": BEGAN + timedelta(minutes=number),
            **told,
        }
    )
    await row.save()
    return int(row.id)


async def of(campaign: Campaign, size: int, chapter: int | None = None, seed: int = 1) -> list[int]:
    """``size`` signatures of every kind, none of them confirmed; the same for the same seed."""
    dice = random.Random(seed)
    return [
        await signed(
            campaign,
            number,
            name=dice.choice(NAMES),
            domain=DOMAINS[number % len(DOMAINS)],
            constituency=dice.choice(SEATS),
            postcode=dice.choice(POSTCODES),
            country=dice.choice(("GB", "GB", "FR")),
            ip=dice.choice(ADDRESSES),
            flags=dice.choice(FLAGS),
            source=dice.choice(("", "whatsapp", "x")),
            bucket=dice.choice(("", "leaflet")),
            chapter=dice.choice((None, chapter)),
            shared_by=dice.choice((None, 1, 2)),
        )
        for number in range(1, size + 1)
    ]


async def links() -> dict[str, str]:
    """What was mailed to everybody who signed."""
    rows = await db.fetch("SELECT id, email FROM signature")
    return {row["email"]: tokens.issue(confirmation.PURPOSE, row["id"], confirmation.LASTS) for row in rows}


async def confirm(client: httpx.AsyncClient, ids: list[int]) -> None:
    """Press the buttons of these people all at once."""
    links = [f"/confirm/{tokens.issue('confirm', signature_id)}" for signature_id in ids]
    answers = await asyncio.gather(*(client.post(link) for link in links))
    assert {answer.status_code for answer in answers} <= {200}


async def counted(campaign: Campaign) -> int:
    """How many stand behind a campaign; asserts that every total and every number agrees with the rows."""
    rows = await db.fetch(_STANDING, campaign.id)
    totals = {(row["kind"], row["key"]): row["total"] for row in await db.fetch(_TOTALS, campaign.id)}
    assert totals == {(row["kind"], row["key"]): row["total"] for row in await db.fetch(_RECOUNT, campaign.id)}
    held = await db.fetch("SELECT id, signature_count, last_number FROM campaign WHERE id = $1", campaign.id)
    assert held[0]["signature_count"] == len(rows)
    for chapter in await db.fetch("SELECT id, signature_count FROM chapter WHERE campaign = $1", campaign.id):
        assert chapter["signature_count"] == sum(row["chapter"] == chapter["id"] for row in rows)
    numbers = [row["number"] for row in rows]
    assert len(set(numbers)) == len(numbers) and max(numbers, default=0) <= held[0]["last_number"]
    return len(rows)


_STANDS = "campaign = $1 AND confirmed_at IS NOT NULL AND withdrawn_at IS NULL AND discounted_at IS NULL"
_STANDING = f"SELECT chapter, number FROM signature WHERE {_STANDS}"
_TOTALS = (
    "SELECT kind, key, total FROM tally WHERE campaign = $1 AND total <> 0 AND kind NOT IN ('created', 'came')"
)
_RECOUNT = f"""
    SELECT kind, key, count(*) AS total FROM signature, LATERAL (VALUES
        ('country', country), ('constituency', constituency), ('chapter', chapter::text),
        ('confirmed', to_char(confirmed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24')),
        ('source', source || CASE WHEN bucket <> '' THEN ':' || bucket ELSE '' END)) AS place (kind, key)
    WHERE {_STANDS} AND key IS NOT NULL GROUP BY kind, key
"""
