"""The mailroom: replies brought by eight mail servers until each is parsed, matched and stored; then junk.

The door and the clock run as they do anywhere, on PostgreSQL and Valkey of their own, with two workers that sort;
what is owed to the writers is passed on when all is stored, and measured apart. The peer is what one would write
first: aiosmtpd and the standard library, one mail at a time, with no attachments and no sorting.
"""

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import time
from typing import Any

import asyncpg

from bench.mailing_in import post
from bench.side_by_side import sites
from bench.side_by_side.report import target
from bench.side_by_side.sites import Ground, Site
from undersigned.kit.errors import Missing
from undersigned.responses import admitting
from undersigned.settings import ROOT

REPLIES, REPLIES_QUICK = 4_000, 800
JUNK, JUNK_QUICK = 100_000, 3_000
LETTERS = 500
PATIENCE = 300.0
SORTERS = [
    *("dramatiq", "undersigned.worker", "--processes", "2", "--threads", "8"),
    *("--queues", "responses", "--skip-logging"),
]
ALL_SORTED = "SELECT NOT EXISTS (SELECT FROM inbound_mail WHERE sorted_at IS NULL)"
RATE = "replies parsed, matched and stored (a second)"
PASSED_ON = "replies passed on by one worker (a second)"
DOOR = "replies taken at the door (a second)"
GREW = "memory of the door after the junk (MB more)"
KEPT = "junk that was kept (mails)"
LINES = "lines logged over the junk"
REPLY_AFTER = "a reply after the junk (s)"


def run(quick: bool, replies: int | None = None, junk: int | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9. Raises Missing when a reply is lost."""
    many = replies or (REPLIES_QUICK if quick else REPLIES)
    with sites.ground() as ground:
        return asyncio.run(_measure(ground, many, junk or (JUNK_QUICK if quick else JUNK)))


async def _measure(ground: Ground, many: int, junk: int) -> dict[str, Any]:
    _command(ground, "undersigned.commands", "migrate")
    letters = json.loads(_command(ground, "bench.mailing_in.letters", str(min(LETTERS, many))))
    connection = await asyncpg.connect(ground.database_url)
    try:
        peer = await _peer(ground, connection, letters, many)
        door = _start(ground, "mailroom", "MAILROOM_PORT")
        ground.start("clock", ["undersigned.commands", "clock"], ground.database_url)
        ground.start("sorters", SORTERS, ground.database_url)
        await _until_open(door)
        ours = await _replies(door, connection, letters, many)
        ground.start("worker", ["undersigned.commands", "worker"], ground.database_url)
        ours |= await _passed_on(connection)
        ours |= await _junk(door, connection, letters[0], junk)
    finally:
        await connection.close()
    ratios = {"times the peer": ours[RATE] / peer[RATE]}
    peers = {"aiosmtpd, one by one": peer}
    return {"name": "mailroom", "ours": ours, "peers": peers, "ratios": ratios, "targets": _targets(ours, junk)}


def _targets(ours: dict[str, Any], junk: int) -> list[dict[str, Any]]:
    most = admitting.MOST_HELD * 5
    return [
        target("replies parsed, matched and stored a second", "≥ 200", round(ours[RATE]), ours[RATE] >= 200),
        target(f"memory after {junk:,} junk mails", "≤ 50 MB more", round(ours[GREW], 1), ours[GREW] <= 50),
        target("junk that is kept for a person", f"≤ {most:,}", ours[KEPT], ours[KEPT] <= most),
        target("lines logged over it", "≤ 100", ours[LINES], ours[LINES] <= 100),
    ]


async def _peer(ground: Ground, connection: Any, letters: list[str], many: int) -> dict[str, Any]:
    """The same mail brought to the peer, over as many lines."""
    await connection.execute("CREATE TABLE peer_letter (id bigserial PRIMARY KEY, address text UNIQUE)")
    known = [(letter.partition("@")[0].removeprefix("letter-"),) for letter in letters]
    await connection.copy_records_to_table("peer_letter", records=known, columns=["address"])
    site = ground.start("peer", ["bench.mailing_in.peer", "{port}"], ground.database_url)
    await _until_open(site)
    began = time.perf_counter()
    await post.bring(site.port, post.replies(letters, many))
    rate = many / (time.perf_counter() - began)
    if await connection.fetchval("SELECT count(*) FROM peer_reply WHERE letter IS NOT NULL") != many:
        raise Missing(f"The peer has lost a reply: {site.log.read_text()[:1500]}")
    site.process.terminate()
    return {RATE: rate, DOOR: rate}


async def _replies(door: Site, connection: Any, letters: list[str], many: int) -> dict[str, Any]:
    began = time.perf_counter()
    tally = await post.bring(door.port, post.replies(letters, many))
    at_the_door = time.perf_counter() - began
    await _until(connection, ALL_SORTED)
    sorted_by = time.perf_counter() - began
    kept = await connection.fetchval("SELECT count(*) FROM response")
    if (tally.taken, kept) != (many, many):
        raise Missing(f"Of {many} replies {tally.taken} were taken and {kept} were filed.")
    return {RATE: many / sorted_by, DOOR: many / at_the_door}


async def _passed_on(connection: Any) -> dict[str, Any]:
    """One worker composes and sends what is owed, into a Maildir."""
    owed = "SELECT count(*) FROM mail WHERE sent_at IS NULL AND dead_at IS NULL"
    while await connection.fetchval(f"SELECT ({owed}) = (SELECT count(*) FROM mail)"):
        await asyncio.sleep(0.02)
    began, left = time.perf_counter(), await connection.fetchval(owed)
    await _until(connection, f"SELECT ({owed}) = 0")
    return {PASSED_ON: left / (time.perf_counter() - began)}


async def _junk(door: Site, connection: Any, letter: str, many: int) -> dict[str, Any]:
    """Junk without end, and then one real reply."""
    before, log_before = door.memory() or 0.0, _lines(door)
    began = time.perf_counter()
    await post.bring(door.port, post.junk(many))
    took = time.perf_counter() - began
    grew, lines = (door.memory() or 0.0) - before, _lines(door) - log_before
    reply_began = time.perf_counter()
    (reply,) = post.replies([letter], 1)
    while not (await post.bring(door.port, [reply], 1)).taken:
        await asyncio.sleep(0.1)
    await _until(connection, ALL_SORTED)
    return {
        "junk brought (a second)": many / took,
        GREW: grew,
        KEPT: int(await connection.fetchval("SELECT count(*) FROM held_mail")),
        LINES: lines,
        REPLY_AFTER: time.perf_counter() - reply_began,
    }


def _lines(door: Site) -> int:
    return door.log.read_bytes().count(b"\n")


async def _until(connection: Any, question: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await connection.fetchval(question):
        if time.monotonic() > deadline:
            raise Missing("The replies were not sorted in time.")
        await asyncio.sleep(0.02)


def _start(ground: Ground, name: str, port_setting: str) -> Site:
    """One of our processes that listens on a port of its own setting."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    site = ground.start(name, ["undersigned.commands", name], ground.database_url, **{port_setting: str(port)})
    return Site(name, port, site.process, site.log, ground.database_url)


async def _until_open(site: Site) -> None:
    deadline = time.monotonic() + sites.PATIENCE
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", site.port)
            writer.close()
            return
        if site.process.poll() is not None or time.monotonic() > deadline:
            raise Missing(f"The {site.name} did not start: {site.log.read_text()[-2000:].strip()}")
        await asyncio.sleep(0.05)


def _command(ground: Ground, *words: str) -> str:
    environment = ground.environment() | {"DATABASE_URL": ground.database_url, "SECRET_KEY": sites.SECRET}
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{words[0]} did not run: {done.stderr[-1000:]}")
    return done.stdout
