"""The soak: ten thousand letters to 650 representatives through real SMTP, first in peace and then under blows.

A site of its own runs as ``undersigned up`` runs it, live and without pace, with a second worker beside it. The
first quarter of the letters shows how many a second go out. The rest arrive while the clock, Valkey, the workers
and PostgreSQL are killed by turns. Afterwards each letter is somewhere that can be explained, none that the other
server acknowledged is missing there, and none was sent under two Message-IDs.
"""

import asyncio
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.side_by_side.report import target
from bench.soaking import letters
from installation import Site
from journey.kills import kill
from undersigned.kit.errors import Missing

SHOWS_PROGRESS = True
VICTIMS = ("clock", "valkey", "worker", "postgres")
LETTERS, LETTERS_QUICK = 10_000, 400
BLOWS, BLOWS_QUICK = 44, 4
BETWEEN = 3.0
PATIENCE = 240.0
A_SECOND = 100
SECRET = "a key for the soak and for nothing else"


def run(quick: bool, many: int | None = None, blows: int | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9. Raises Missing when a letter is lost or doubled."""
    whole = many or (LETTERS_QUICK if quick else LETTERS)
    struck = blows or (BLOWS_QUICK if quick else BLOWS)
    with tempfile.TemporaryDirectory(prefix="undersigned-soak-") as folder, _progress() as progress:
        return asyncio.run(_soak(Path(folder), whole, struck, progress))


async def _soak(folder: Path, many: int, blows: int, progress: Progress) -> dict[str, Any]:
    with _reader(folder) as (port, log), _site(folder, port) as site:
        await letters.asking(site.var, letters.prepare)
        calm = many // 4
        rate = await _in_peace(site, log, calm, progress)
        kills = await _under_blows(site, calm, many, blows, progress)
        settled = await _wait_until_settled(site, many, progress)
        found = _account(await letters.asking(site.var, _rows), _taken(log), many)
    return _report(found | {"settled after the last blow (s)": settled}, rate, kills)


@contextmanager
def _reader(folder: Path) -> Iterator[tuple[int, Path]]:
    log = folder / "taken"
    log.touch()
    command = [sys.executable, str(Path(letters.__file__).with_name("reader.py")), str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline()), log
        finally:
            process.terminate()


@contextmanager
def _site(folder: Path, port: int) -> Iterator[Site]:
    """A site that is live, with a second worker beside the one that every site has."""
    settings = {"DEMO": "0", "SECRET_KEY": SECRET, "MAIL_URL": f"smtp://127.0.0.1:{port}", "LETTERS_AN_HOUR": "0"}
    site = Site(folder / "var", **settings, OPERATOR_EMAIL="operator@example.org")
    with ExitStack() as stack:
        site.start()
        stack.callback(site.stop)
        switched = site.run("delivery", "live", "--reason", "A soak on the loopback")
        if switched.returncode:
            raise Missing(f"Delivery would not go live: {switched.stderr.strip()}")
        second = _Second(site)
        stack.callback(second.stop)
        yield site


class _Second:
    """One more ``undersigned worker``, started again whenever it falls, as a service manager would."""

    def __init__(self, site: Site) -> None:
        loop = "while true; do {python} -m undersigned.commands worker; sleep 1; done"
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", loop.format(python=sys.executable)],
            env=site._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End it and what it started."""
        # At once: asked kindly it waits for a Valkey that has already been told to go.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


async def _in_peace(site: Site, log: Path, many: int, progress: Progress) -> float:
    """Letters a second, from the moment that they may go to the one at which the last was acknowledged."""
    task = progress.add_task("In peace", total=many)
    await letters.asking(site.var, lambda line: letters.write(line, 0, many))
    began = time.time()
    while (sent := await letters.asking(site.var, _gone)) < many * 0.98:
        if time.time() - began > PATIENCE:
            raise Missing(f"Only {sent} of {many} letters went out in {PATIENCE:.0f} seconds.")
        progress.update(task, completed=sent)
        await asyncio.sleep(0.5)
    progress.update(task, completed=many)
    moments = sorted(moment for moment, _, _ in _taken(log))
    return len(moments) / (moments[-1] - began)


async def _under_blows(site: Site, first: int, many: int, blows: int, progress: Progress) -> "Counter[str]":
    """New letters all the time, and every few seconds one part of the site falls."""
    task = progress.add_task("Under blows", total=blows)
    kills: Counter[str] = Counter()
    victims = itertools.cycle(VICTIMS)
    edges = [first + (many - first) * number // blows for number in range(blows + 1)]
    for begin, end in itertools.pairwise(edges):
        await letters.asking(site.var, lambda line, b=begin, e=end: letters.write(line, b, e - b))  # type: ignore[misc]
        await asyncio.sleep(BETWEEN)
        victim = next(victims)
        await asyncio.to_thread(kill, site, victim)
        kills[victim] += 1
        progress.advance(task)
    return kills


async def _wait_until_settled(site: Site, many: int, progress: Progress) -> float:
    """Seconds until nothing is on its way any more."""
    task = progress.add_task("Settling", total=many)
    began = time.monotonic()
    while (left := await letters.asking(site.var, _on_their_way)) and time.monotonic() - began < PATIENCE:
        progress.update(task, completed=many - left)
        await asyncio.sleep(1)
    progress.update(task, completed=many - left)
    return time.monotonic() - began


async def _gone(line: "asyncpg.Connection[asyncpg.Record]") -> int:
    return int(await line.fetchval("SELECT count(*) FROM letter WHERE state = 'sent'"))


async def _on_their_way(line: "asyncpg.Connection[asyncpg.Record]") -> int:
    return int(await line.fetchval("SELECT count(*) FROM letter WHERE state IN ('ready', 'sending')"))


@dataclass
class _Letter:
    """One letter as the record has it at the end."""

    message_id: str
    state: str
    outcomes: list[str]


async def _rows(line: "asyncpg.Connection[asyncpg.Record]") -> list[_Letter]:
    rows = await line.fetch(
        """SELECT l.message_id, l.state, coalesce(array_agg(d.outcome ORDER BY d.id)
               FILTER (WHERE d.id IS NOT NULL), '{}') AS outcomes
           FROM letter l LEFT JOIN delivery d ON d.letter = l.id GROUP BY l.id"""
    )
    return [_Letter(row["message_id"], row["state"], list(row["outcomes"])) for row in rows]


def _taken(log: Path) -> list[tuple[float, str, str]]:
    lines = (line.split(" ") for line in log.read_text().splitlines())
    return [(float(moment), name, recipient) for moment, name, recipient in lines]


def _account(rows: list[_Letter], taken: list[tuple[float, str, str]], many: int) -> dict[str, Any]:
    """Every letter accounted for. Raises Missing for one that is lost, doubled or unexplained."""
    arrived = Counter(name for _, name, _ in taken)
    acknowledged = {row.message_id for row in rows if "accepted" in row.outcomes}
    unknown = [row for row in rows if row.outcomes and row.outcomes[-1] == "unknown"]
    explained = [row for row in rows if row.state == "sent" and row.outcomes[-1] in {"accepted", "unknown"}]
    found = {
        "letters": len(rows),
        "acknowledged, every one of them arrived": len(acknowledged & arrived.keys()),
        "unknown, and said to be": len(unknown),
        "unknown, and arrived": sum(row.message_id in arrived for row in unknown),
        "arrived twice under one Message-ID": sum(times > 1 for times in arrived.values()),
        "attempts": sum(len(row.outcomes) for row in rows),
    }
    lost = acknowledged - arrived.keys()
    strangers = arrived.keys() - {row.message_id for row in rows}
    if len(rows) != many or lost or strangers or len(explained) != many:
        states = Counter((row.state, row.outcomes[-1] if row.outcomes else "untried") for row in rows)
        raise Missing(
            f"Of {many} letters {len(rows)} are on record, {len(lost)} were acknowledged and did not arrive, "
            f"{len(strangers)} arrived that nobody wrote, {many - len(explained)} cannot be explained: {states}"
        )
    return found


def _report(found: dict[str, Any], rate: float, kills: "Counter[str]") -> dict[str, Any]:
    ours = {"letters a second, two workers, no pace": rate} | found
    ours |= {f"times that {victim} was killed": times for victim, times in kills.items()}
    return {
        "name": "soak",
        "ours": ours,
        "peers": {},
        "ratios": {},
        "targets": [
            target("letters a second, two workers, no pace", f"≥ {A_SECOND}", rate, rate >= A_SECOND),
            target("lost", "0", 0, True),
            target("sent under two Message-IDs", "0", 0, True),
            target("kills of each part", "≥ 10", min(kills.values()), min(kills.values()) >= 10),
        ],
    }


def _progress() -> Progress:
    """On the standard error, so that ``--json`` stays one object; a bar only where somebody watches."""
    console = Console(stderr=True)
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*bars, console=console, transient=True, disable=not console.is_terminal)
