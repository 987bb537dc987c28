"""Ten thousand letters to 650 representatives who do not exist, written straight into a site's record."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from undersigned.embedded import postgresql
from undersigned.kit import database

SEATS = 650
SLUG = "soak"
Answered = TypeVar("Answered")
Line = "asyncpg.Connection[asyncpg.Record]"


async def asking(
    var: object, deed: Callable[["asyncpg.Connection[asyncpg.Record]"], Awaitable[Answered]]
) -> Answered:
    """``deed`` on the site's PostgreSQL, once it can be had: somebody may just be killing it."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with postgresql.start(var) as server:  # type: ignore[arg-type]
                line = await asyncpg.connect(dsn=server.url)
                try:
                    return await deed(line)
                finally:
                    await line.close(timeout=2)
        except (*database.UNREACHABLE, asyncpg.InterfaceError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)


async def prepare(line: "asyncpg.Connection[asyncpg.Record]") -> None:
    """A campaign, the seats, and who sits there."""
    async with line.transaction():
        await line.execute(_CAMPAIGN, SLUG)
        await line.execute(_WORDING)
        await line.execute(_SEATS, SEATS)


async def write(line: "asyncpg.Connection[asyncpg.Record]", first: int, many: int) -> None:
    """So many letters that may go now, the ``first`` and those after it; again is harmless."""
    paragraphs = json.dumps([{"text": "It is dark at that stop, and my daughter waits there.", "own": True}])
    await line.execute(_LETTERS, first, many, SEATS, SLUG, paragraphs)


_CAMPAIGN = """
    INSERT INTO campaign (slug, kind, title, ask, summary, body, addressed_to, organiser, state, opens_at, letter,
        consent_wording, created_at, updated_at)
    VALUES ($1, 'petition', 'A light at the stop', 'We ask for a light at the bus stop.', 'One light.',
        'It is dark there.', 'the council', 'The Doorstep Alliance', 'open', now() - interval '1 day',
        'hate-crime', 'I agree to be counted.', now(), now())
"""
_WORDING = """
    INSERT INTO wording (text, digest) VALUES ('I agree to this letter.', 'soak') ON CONFLICT DO NOTHING
"""
_SEATS = """
    WITH seat AS (
        INSERT INTO constituency (gss_code, name)
        SELECT 'E14' || lpad((900000 + n)::text, 6, '0'), 'Seat ' || n FROM generate_series(1, $1::int) n
        RETURNING gss_code, name
    ), member AS (
        INSERT INTO representative (display_name, full_title, address_as, party, contact, email)
        SELECT 'Member ' || n, 'Member ' || n || ' MP', '', 'Commonwealth Party', 'email',
            'member' || n || '@parliament.example'
        FROM generate_series(1, $1::int) n RETURNING id, display_name
    )
    INSERT INTO membership (constituency, representative, started_on)
    SELECT gss_code, id, date '2024-07-04' FROM seat JOIN member
        ON substr(seat.name, 6) = substr(member.display_name, 8)
"""
_LETTERS = """
    INSERT INTO letter (campaign, template, template_version, name, email, email_key, address, postcode,
        constituency, representative, membership, subject, paragraphs, own_share, state, message_id, wording,
        attempts, created_at, confirmed_at, due_at)
    SELECT c.id, 'hate-crime', 'soak', 'Writer ' || n, 'writer' || n || '@example.org',
        'writer' || n || '@example.org', n || ' Clough Bank' || chr(10) || 'Bury', 'BL9 0SW', m.constituency,
        m.representative, m.id, 'A light at the bus stop', $5::jsonb, 100, 'ready',
        '<soak-' || n || '@undersigned.localhost>', w.id, 0, now(), now(), now()
    FROM generate_series($1::int, $1::int + $2::int - 1) n
    JOIN membership m ON m.constituency = 'E14' || lpad((900001 + n % $3::int)::text, 6, '0')
    CROSS JOIN (SELECT id FROM campaign WHERE slug = $4) c
    CROSS JOIN (SELECT id FROM wording WHERE digest = 'soak') w
    WHERE NOT EXISTS (SELECT FROM letter WHERE message_id = '<soak-' || n || '@undersigned.localhost>')
"""
