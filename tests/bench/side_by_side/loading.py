"""Signatures by the million: written by COPY, with every row and total that goes with them."""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from typing import Final

import asyncpg

from bench.side_by_side.typed import FIRST, LAST, PROVIDERS, WORDS
from undersigned.postcodes import facts
from undersigned.supporters import addresses

CHUNK: Final = 50_000
DAYS: Final = 30
COLUMNS: Final = (
    *("campaign", "number", "email", "email_key", "created_at", "confirmed_at", "name", "name_key"),
    *("slot", "country", "match", "data_release", "mails", "discounted_why", "organisation", "wording"),
    *("postcode", "constituency", "words", "shows_name", "wants_updates", "source"),
)
Advance = Callable[[int], object]


async def confirmed(url: str, slug: str, many: int, advance: Advance = lambda _: None) -> None:
    """So many more signatures for a campaign, counted: spread over thirty days, with all that goes with them."""
    connection = await asyncpg.connect(url)
    try:
        campaign = await connection.fetchrow("SELECT id, last_number FROM campaign WHERE slug = $1", slug)
        await _copy(connection, campaign["id"], many, campaign["last_number"], advance)
        await connection.execute(_COUNT, campaign["id"], many)
        await connection.execute(_TOTALS, campaign["id"])
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def unconfirmed(url: str, slug: str, many: int) -> list[int]:
    """So many more signatures that wait for the press of a button; their ids."""
    connection = await asyncpg.connect(url)
    try:
        campaign = await connection.fetchval("SELECT id FROM campaign WHERE slug = $1", slug)
        await _copy(connection, campaign, many, None, lambda _: None)
        await connection.execute(_TOTALS, campaign)
        await connection.execute("VACUUM ANALYZE signature")
        rows = await connection.fetch(
            "SELECT id FROM signature WHERE campaign = $1 ORDER BY id DESC LIMIT $2",
            campaign,
            many,
        )
        return [row["id"] for row in rows]
    finally:
        await connection.close()


async def _copy(
    connection: "asyncpg.Connection[asyncpg.Record]", campaign: int, many: int, last: int | None, advance: Advance
) -> None:
    """Write the rows 50,000 a commit; with ``last``, the last number given out, they are confirmed."""
    wording = await connection.fetchval(_WORDING)
    first = await connection.fetchval("SELECT count(*) FROM signature WHERE email LIKE 'visitor.%'")
    lines = _lines(campaign, wording, first, many, last)
    for done in range(0, many, CHUNK):
        size = min(CHUNK, many - done)
        async with connection.transaction():
            before = await connection.fetchval("SELECT coalesce(max(id), 0) FROM signature")
            await connection.copy_to_table("signature", source=_bytes(lines, size), columns=COLUMNS)
            if last is not None:
                await connection.execute(_REMEMBER, before)
        advance(size)


async def _bytes(lines: Iterator[str], size: int) -> AsyncIterator[bytes]:
    for done in range(0, size, 1_000):
        yield "".join(islice(lines, min(1_000, size - done))).encode()


def _lines(campaign: int, wording: int, first: int, many: int, last: int | None) -> Iterator[str]:
    """Rows as COPY reads them. Everything but the address, the number and the moment is drawn from a few."""
    chance = random.Random(650)
    who = [f"{name}\t{addresses.name_key(name)}" for name in map(" ".join, product(FIRST, LAST))]
    still = f"1\tGB\texact\t{facts.DEMO_RELEASE}\t1\t\t\t{wording}"
    rest = [_rest(chance) for _ in range(1_000)]
    moments = [_moments(chance, last is not None) for _ in range(5_000)]
    elsewhere = [provider for provider in PROVIDERS if provider != "gmail.com"]  # It would not see the dot.
    for number in range(first, first + many):
        email = f"visitor.{number}@{chance.choice(elsewhere)}"
        given = last + number - first + 1 if last is not None else r"\N"
        yield (
            f"{campaign}\t{given}\t{email}\t{email}\t{chance.choice(moments)}\t{chance.choice(who)}\t{still}"
            f"\t{chance.choice(rest)}\n"
        )


def _rest(chance: random.Random) -> str:
    place = chance.choice(facts.BUILDINGS)
    ticks = [chance.choice("tff") for _ in range(2)]
    source = chance.choice(("", "whatsapp", "leaflet"))
    return "\t".join([str(place.postcode), place.gss_code, chance.choice(WORDS), *ticks, source])


def _moments(chance: random.Random, confirmed: bool) -> str:
    created = datetime.now(UTC) - timedelta(seconds=chance.randrange(600, DAYS * 86_400))
    pressed = (created + timedelta(seconds=chance.randrange(20, 600))).isoformat() if confirmed else r"\N"
    return f"{created.isoformat()}\t{pressed}"


_WORDING = """
    INSERT INTO wording (text, digest) SELECT text, encode(sha256(text::bytea), 'hex')
    FROM (VALUES ('I agree to be counted.')) AS given (text)
    ON CONFLICT (digest) DO UPDATE SET text = excluded.text RETURNING id
"""
_REMEMBER = """
    WITH fresh AS (
        SELECT * FROM signature WHERE id > $1
    ), people AS (
        INSERT INTO supporter (email, email_key, created_at) SELECT email, email_key, confirmed_at FROM fresh
        RETURNING id, email_key
    )
    INSERT INTO consent (supporter, campaign_id, signature_id, purpose, wording, given_at)
    SELECT people.id, campaign, fresh.id, 'sign', wording, confirmed_at
    FROM fresh JOIN people USING (email_key)
"""
_COUNT = "UPDATE campaign SET signature_count = signature_count + $2, last_number = last_number + $2 WHERE id = $1"
_TOTALS = """
    INSERT INTO tally (campaign, kind, key, total)
    SELECT campaign, kind, key, count(*) FROM (
        SELECT campaign, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') AS created,
            CASE WHEN confirmed_at IS NOT NULL
                THEN to_char(confirmed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') END AS confirmed,
            CASE WHEN confirmed_at IS NOT NULL THEN country END AS country,
            CASE WHEN confirmed_at IS NOT NULL THEN constituency END AS constituency,
            CASE WHEN confirmed_at IS NOT NULL THEN chapter::text END AS chapter
        FROM signature WHERE campaign = $1 AND withdrawn_at IS NULL AND discounted_at IS NULL
    ) s CROSS JOIN LATERAL (VALUES ('created', created), ('confirmed', confirmed), ('country', country),
        ('constituency', constituency), ('chapter', chapter)) AS place (kind, key)
    WHERE key IS NOT NULL GROUP BY campaign, kind, key
    ON CONFLICT (campaign, kind, key) DO UPDATE SET total = excluded.total
"""
