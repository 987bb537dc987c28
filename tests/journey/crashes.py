"""Signing and confirming while web processes and PostgreSQL are killed, and what must be true afterwards."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from crowd import Crowd
from installation import Site
from journey.kills import kill
from journey.visitor import answers, wait_for
from undersigned.embedded import postgresql

SLUG = "our-street-too"
LINKS = """
    SELECT s.email, s.id FROM signature s JOIN campaign c ON c.id = s.campaign
    WHERE c.slug = $1 AND s.email LIKE 'person-%' AND s.confirmed_at IS NULL
"""
LOST = """
    SELECT given.email FROM unnest($1::text[]) AS given (email)
    WHERE NOT EXISTS (SELECT FROM signature WHERE signature.email = given.email)
       OR NOT EXISTS (SELECT FROM mail WHERE mail.recipient = given.email AND kind = 'confirmation')
"""
COUNT = """
    SELECT c.signature_count AS held, count(s.id) AS counted, count(DISTINCT s.number) AS numbers
    FROM campaign c LEFT JOIN signature s ON s.campaign = c.id AND s.confirmed_at IS NOT NULL
        AND s.withdrawn_at IS NULL AND s.discounted_at IS NULL
    WHERE c.slug = $1 GROUP BY c.id
"""


async def blows(site: Site, rounds: int) -> None:
    """A web process, then PostgreSQL at once and without a word, again and again."""
    for _ in range(rounds):
        await asyncio.sleep(2)
        await asyncio.to_thread(kill, site, "web")
        await asyncio.sleep(3)
        await asyncio.to_thread(stop_at_once, site)
        await asyncio.sleep(2)


def stop_at_once(site: Site) -> None:
    """What ``pg_ctl stop -m immediate`` does: SIGQUIT to the first of PostgreSQL's processes."""
    pid = int((site.var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)


async def under_blows(site: Site, rounds: int, many: int) -> tuple[Crowd, Crowd]:
    """Who signed and who confirmed while all that happened."""
    signing, confirming = Crowd([site.base_url], SLUG), Crowd([site.base_url], SLUG)
    struck = asyncio.create_task(blows(site, rounds))
    await signing.sign(many, until=struck.done)
    await struck
    tokens = await links(site)
    struck = asyncio.create_task(blows(site, rounds))
    while tokens and not struck.done():
        await confirming.confirm(dict(list(tokens.items())[:200]))
        tokens = await links(site)
        await asyncio.sleep(0.1)
    await struck
    return signing, confirming


async def links(site: Site) -> dict[str, str]:
    """The links of those who have signed and not been counted, sealed as the site seals them."""
    rows = await ask(site, LINKS, SLUG)
    return {row["email"]: sealed(site.var / "secret", row["id"]) for row in rows}


def sealed(secret: Path, row_id: int) -> str:
    """A confirmation's token as this site issues it: its secret is in its own var."""
    from undersigned.kit import tokens
    from undersigned.settings import settings

    ours, settings.secret_key = settings.secret_key, secret.read_text().strip()
    try:
        return tokens.issue("confirm", row_id)
    finally:
        settings.secret_key = ours


async def ask(site: Site, sql: str, *values: object) -> list[dict[str, Any]]:
    """Rows of the site's own record, once it can be asked again."""
    await asyncio.to_thread(wait_for, lambda: answers(f"{site.base_url}/readyz") or None, "the site", 60)
    with postgresql.start(site.var) as server:
        line = await asyncpg.connect(dsn=server.url)
        try:
            return [dict(row) for row in await line.fetch(sql, *values)]
        finally:
            await line.close()


async def check(site: Site, signing: Crowd, confirming: Crowd) -> None:
    """Nobody who was told so is missing, and every total is what a count of the rows gives."""
    assert await ask(site, LOST, sorted(signing.acknowledged)) == []
    recounted = await asyncio.to_thread(site.run, "campaigns", "recount", SLUG)
    assert recounted.returncode == 0, recounted.stdout + recounted.stderr
    (count,) = await ask(site, COUNT, SLUG)
    assert count["held"] == count["counted"] == count["numbers"]
    rows = await ask(site, "SELECT email, number FROM signature WHERE email = ANY($1)", list(confirming.numbers))
    assert {row["email"]: row["number"] for row in rows} == confirming.numbers
    public = httpx.get(f"{site.base_url}/campaigns/{SLUG}/count.json", timeout=20).json()
    assert public["signature_count"] == count["held"]
