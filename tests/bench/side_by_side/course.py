"""The course that all of them run on: our demonstration's campaign, and the same one for each peer."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import asyncpg
from markupsafe import escape

from bench.side_by_side import sites
from bench.side_by_side.sites import Ground, Site
from undersigned.postcodes import facts
from undersigned.signatures.forms import COUNTRIES

TABLES = Path(__file__).parents[1] / "peers" / "tables.sql"
SHOWN = ("title", "ask", "summary", "organiser", "signature_count")
"""What the peers' pages take from the campaign's row; all else on them is still."""


@dataclass
class Course:
    """Us and the peers, ready to be asked about the campaign at ``slug``."""

    ground: Ground
    slug: str
    ours: Site
    peers: list[Site]

    @property
    def all(self) -> list[Site]:
        """Everybody, us first."""
        return [self.ours, *self.peers]

    @property
    def who_keep(self) -> list[Site]:
        """Those who keep what they are told, so that it can be looked for: all but the floor."""
        return [site for site in self.all if site.name != sites.FLOOR]


@contextmanager
def prepared(floor: bool = False) -> Iterator[Course]:
    """Everything started and answering; with ``floor``, our own server without a database is among the peers."""
    sites.need_peers()
    with sites.ground() as ground:
        load_demonstration(ground, ground.database_url)
        slug = asyncio.run(first_petition(ground.database_url))
        ours = sites.undersigned(ground, ground.database_url)
        sites.wait_for([ours])
        asyncio.run(_write_what_peers_are_given(ground, ours, slug))
        peers = [
            sites.django(ground, ground.address_of("django")),
            sites.fastapi(ground, ground.address_of("fastapi")),
        ]
        if floor:
            peers.append(sites.without_database(ground))
        sites.wait_for(peers)
        yield Course(ground, slug, ours, peers)


async def first_petition(database_url: str) -> str:
    """The slug of the demonstration's first petition, on a page that has everything a page can have."""
    rows = await fetch(database_url, "SELECT slug FROM campaign WHERE kind <> 'action' ORDER BY id LIMIT 1")
    return str(rows[0]["slug"])


def load_demonstration(ground: Ground, database_url: str) -> None:
    """Tables and the demonstration's campaigns, as anybody would load them."""
    environment = ground.environment() | {"DATABASE_URL": database_url, "SECRET_KEY": sites.SECRET, "DEMO": "1"}
    command = [sys.executable, "-m", "undersigned.commands", "demo", "load"]
    subprocess.run(command, env=environment, cwd=ground.folder, check=True, stdout=subprocess.DEVNULL)


async def _write_what_peers_are_given(ground: Ground, ours: Site, slug: str) -> None:
    """For each a database with our campaign in it; for both our page as their template, places and countries."""
    (campaign,) = await fetch(ours.database_url, "SELECT * FROM campaign WHERE slug = $1", slug)
    with urlopen(f"http://127.0.0.1:{ours.port}/campaigns/{slug}") as answer:
        page = answer.read().decode()
    (ground.folder / "page.html").write_text(_as_template(page, campaign), encoding="utf-8")
    places = {str(one.postcode).replace(" ", ""): one.gss_code for one in facts.BUILDINGS}
    given = {"places": places, "countries": COUNTRIES}
    (ground.folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    for name in ("django", "fastapi"):
        await fetch(ours.database_url, f"CREATE DATABASE {name}")
        await _lay_out(ground.address_of(name), campaign)


def _as_template(page: str, campaign: dict[str, Any]) -> str:
    """Our page with places for what the row says; Django and Jinja write such places alike."""
    assert not re.search(r"\{[{%#]", page), "Our page holds what a template would read as its own."
    for name in SHOWN:
        value = f"{campaign[name]:,}" if isinstance(campaign[name], int) else str(escape(campaign[name]))
        page = page.replace(value, "{{ campaign." + name + " }}") if len(value) > 3 else page
    return page


async def _lay_out(url: str, campaign: dict[str, Any]) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TABLES.read_text(encoding="utf-8"))
        await connection.execute(
            "INSERT INTO campaign (slug, title, ask, summary, organiser) VALUES ($1, $2, $3, $4, $5)",
            *(campaign[name] for name in ("slug", "title", "ask", "summary", "organiser")),
        )
    finally:
        await connection.close()


async def fetch(url: str, sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows of one statement, over a connection for it alone."""
    connection = await asyncpg.connect(url)
    try:
        return [dict(row) for row in await connection.fetch(sql, *values)]
    finally:
        await connection.close()
