"""Buttons to press: signatures that wait at a site, and the links that their owners were mailed."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from unittest.mock import patch

import asyncpg

from bench.side_by_side import loading, rounds, sites
from bench.side_by_side.course import fetch
from bench.side_by_side.rounds import Bounds, Requests, Round, Work
from bench.side_by_side.sites import Site
from bench.side_by_side.typed import post
from undersigned.kit import tokens
from undersigned.settings import settings
from undersigned.signatures import confirmation

FASTEST, FASTEST_PEER = 4_000, 1_500
"""Confirmations a second that nobody here reaches: so many signatures wait."""


@dataclass
class Buttons:
    """The links of one site, each to be pressed once.

    ``before`` is the campaign's count at the start; ``pressed`` counts the links that were answered well.
    """

    links: list[str]
    before: int = 0
    pressed: int = 0
    _next: int = 0

    @property
    def least(self) -> int:
        """What the campaign must count now, at the very least."""
        return self.before + self.pressed

    def coming(self) -> Requests:
        """Those that nobody has pressed yet."""
        return [post(f"/confirm/{token}") for token in self.links[self._next :]]

    def note(self, found: Round, good: list[int]) -> None:
        """Remember how far a round has come."""
        self._next += sum(map(len, found.told.values()))
        self.pressed += len(good)

    def work(self, site: Site) -> Work:
        """To press them at ``site``."""
        return Work(site, self.coming, expected=200, note=self.note)


def ours(site: Site, slug: str, bounds: Bounds) -> tuple[Work, Buttons]:
    """Confirming with us, with the very links that our e-mail holds."""
    waiting = asyncio.run(loading.unconfirmed(site.database_url, slug, _enough(bounds, FASTEST)))
    with patch.object(settings, "secret_key", sites.SECRET):
        links = [tokens.issue(confirmation.PURPOSE, row, confirmation.LASTS) for row in waiting]
    (campaign,) = asyncio.run(
        fetch(site.database_url, "SELECT signature_count FROM campaign WHERE slug = $1", slug)
    )
    buttons = Buttons(links, before=campaign["signature_count"])
    return buttons.work(site), buttons


def theirs(site: Site, bounds: Bounds) -> tuple[Work, Buttons]:
    """Confirming with a peer; of its links see peers/given.py."""
    waiting = asyncio.run(_sign_up(site, _enough(bounds, FASTEST_PEER)))
    secret = sites.SECRET.encode()
    sealed = {row: hmac.new(secret, str(row).encode(), hashlib.sha256).hexdigest() for row in waiting}
    buttons = Buttons([f"{row}.{seal[:24]}" for row, seal in sealed.items()])
    return buttons.work(site), buttons


def _enough(bounds: Bounds, a_second: int) -> int:
    return round(a_second * (rounds.WARM_UP + bounds.rounds * bounds.seconds))


async def _sign_up(site: Site, many: int) -> list[int]:
    """So many signatures that wait at a peer, from as many constituencies as there are."""
    connection = await asyncpg.connect(site.database_url)
    try:
        rows = await connection.fetch(
            """INSERT INTO signature (campaign, name, email, postcode, country, constituency, words, organisation,
                   shows_name, wants_updates, source, created_at)
               SELECT 1, 'Amina Rahman', 'visitor.' || n || '@outlook.com', 'BL9 0SW', 'GB',
                   'E14' || lpad((n % 40)::text, 6, '0'), '', '', true, false, '', now()
               FROM generate_series(1, $1) AS n RETURNING id""",
            many,
        )
        await connection.execute("VACUUM ANALYZE signature")
        return [row["id"] for row in rows]
    finally:
        await connection.close()
