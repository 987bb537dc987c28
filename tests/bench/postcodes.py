"""Postcodes: a look-up beside a dictionary and a PostgreSQL table, memory, a full load, and the API.

The whole country is measured when an ONS directory is at hand (UNDERSIGNED_ONSPD names it); otherwise an
index of the same shape is made up: 2,000 outward codes with every postcode that they could have had.
"""

import asyncio
import contextlib
import http.client
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg

from undersigned.postcodes import packing
from undersigned.postcodes.index import FILE_NAME, Index
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import INWARD_LETTERS, Postcode
from undersigned.postcodes.seats import ENGLAND, SEATS_IN_BRITAIN
from undersigned.settings import ROOT, settings

SHARED = ROOT.parent / "shared" / "data" / "ONSPD_NOV_2025_UK.zip"
API_SECONDS = 5
LOOK_UPS = 20_000


def run(quick: bool) -> dict[str, Any]:
    """Everything, in the shape of DESIGN §9. Quick leaves out the load of the whole country."""
    with tempfile.TemporaryDirectory(prefix="undersigned-bench-") as folder:
        path = Path(folder) / FILE_NAME
        ours: dict[str, Any] = {}
        source = Path(os.environ.get("UNDERSIGNED_ONSPD", SHARED))
        if source.exists() and not quick:
            ours |= _load(source, path)
        else:
            _make_up(path)
        ours |= _memory(path)
        peers: dict[str, dict[str, Any]] = {"dictionary": {}, "PostgreSQL": {}, "PostgreSQL, connection kept": {}}
        _look_ups(path, ours, peers, quick)
        ours |= _api(path, 1 if quick else API_SECONDS)
    ratios = {
        FASTER: peers["PostgreSQL"][ALONE] / ours[ALONE],
        "times as fast as PostgreSQL on a connection kept": peers["PostgreSQL, connection kept"][ALONE]
        / ours[ALONE],
        "times as long as a dictionary": ours[ALONE] / peers["dictionary"][ALONE],
    }
    return {
        "name": "postcodes",
        "ours": ours,
        "peers": peers,
        "ratios": ratios,
        "targets": _targets(ours, ratios),
    }


LOOK_UP = "look-up with parsing (µs)"
ALONE = "look-up of a parsed postcode (µs)"
FASTER = "times as fast as PostgreSQL"
LOAD = "load of the whole country (s)"
RESIDENT = "memory of the index once read through (MB)"
REQUESTS = "/api/postcodes (requests a second, one process)"


def _targets(ours: dict[str, Any], ratios: dict[str, float]) -> list[dict[str, Any]]:
    wanted = [
        ("a look-up, parsing a clean postcode too", "≤ 5 µs", ours[LOOK_UP], ours[LOOK_UP] <= 5),
        ("beside a PostgreSQL table", "≥ 100×", ratios[FASTER], ratios[FASTER] >= 100),
        ("memory of the index", "≤ 15 MB", ours[RESIDENT], ours[RESIDENT] <= 15),
        ("requests a second a core", "≥ 5,000", ours[REQUESTS], ours[REQUESTS] >= 5_000),
    ]
    if LOAD in ours:
        wanted.append(("a load of the whole country", "≤ 60 s", ours[LOAD], ours[LOAD] <= 60))
    return [{"what": what, "aim": aim, "got": round(got, 2), "met": met} for what, aim, got, met in wanted]


# The index


def _load(source: Path, path: Path) -> dict[str, Any]:
    """In a process of its own, so that its memory is its own too."""
    script = (
        "import resource, sys, time; from pathlib import Path; from undersigned.postcodes import loading\n"
        "began = time.perf_counter(); done = loading.load(Path(sys.argv[1]), Path(sys.argv[2]), force=True)\n"
        "print(time.perf_counter() - began, done.rows, done.size,\n"
        "      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    said = subprocess.check_output([sys.executable, "-c", script, str(source), str(path)], text=True)
    seconds, rows, size, peak = map(float, said.split())
    return {LOAD: seconds, "rows": int(rows), "file (MB)": size / 1e6, "memory while loading (MB)": peak}


def _make_up(path: Path) -> None:
    chance = random.Random(650)
    seats = sorted(SEATS_IN_BRITAIN)
    packer = Packer()
    letters = [first + second for first in INWARD_LETTERS for second in INWARD_LETTERS]
    areas = (
        "AB",
        "B",
        "CF",
        "EH",
        "G",
        "L",
        "LE",
        "M",
        "N",
        "NE",
        "S",
        "SE",
        "SW",
        "W",
        "YO",
        "BL",
        "BN",
        "DE",
        "HP",
        "TN",
    )
    for area in areas:
        for district in range(1, 100):
            here = [packer.number(Spot(seat, ENGLAND, None)) for seat in chance.sample(seats, 3)]
            for digit in range(10):
                for pair in letters:
                    if chance.random() < 0.35:
                        packer.add(
                            f"{area}{district}",
                            f"{digit}{pair}",
                            chance.choice(here[:2] if digit < 8 else here),
                            chance.random() < 0.3,
                        )
    packing.replace(path, packer.pack("made up", []))


def _memory(path: Path) -> dict[str, Any]:
    """What the process grows by when the index is opened and every page of it has been touched."""
    script = (
        "import sys; from pathlib import Path; from undersigned.postcodes.index import Index\n"
        "def resident(): return int(Path('/proc/self/statm').read_text().split()[1]) * 4096\n"
        "before = resident(); index = Index.open(Path(sys.argv[1]))\n"
        "touched = sum(index._body[at] for at in range(0, len(index._body), 4096))\n"
        "print((resident() - before) / 1e6)"
    )
    if not Path("/proc/self/statm").exists():
        return {RESIDENT: path.stat().st_size / 1e6}
    said = subprocess.check_output([sys.executable, "-c", script, str(path)], text=True)
    return {RESIDENT: float(said)}


# Look-ups


def _look_ups(path: Path, ours: dict[str, Any], peers: dict[str, dict[str, Any]], quick: bool) -> None:
    index = Index.open(path)
    every = {str(postcode): found.gss_code for postcode, found in index}
    asked = random.Random(1).sample(sorted(every), min(LOOK_UPS, len(every)))
    ours[LOOK_UP] = _best(lambda: [index.find(Postcode.parse(text)) for text in asked], len(asked))
    parsed = [Postcode.parse(text) for text in asked]
    ours[ALONE] = _best(lambda: [index.find(postcode) for postcode in parsed], len(asked))
    peers["dictionary"][ALONE] = _best(lambda: [every.get(text) for text in asked], len(asked))
    rows = dict(list(every.items())[:200_000]) | {text: every[text] for text in asked} if quick else every
    pooled, kept = asyncio.run(_postgresql(rows, asked[:2_000]))
    peers["PostgreSQL"][ALONE], peers["PostgreSQL, connection kept"][ALONE] = pooled, kept


def _best(deed: Any, many: int) -> float:
    """Microseconds for one of ``many``, at the best of five tries."""
    tries = []
    for _ in range(5):
        began = time.perf_counter()
        deed()
        tries.append(time.perf_counter() - began)
    return min(tries) / many * 1e6


async def _postgresql(rows: dict[str, str | None], asked: list[str]) -> tuple[float, float]:
    """The same postcodes in a table with a primary key, asked one by one with a prepared statement.

    Microseconds as a web application asks, with a connection from its pool each time, and over one
    connection that nobody else may have meanwhile.
    """
    async with asyncpg.create_pool(dsn=settings.database_url, min_size=1, max_size=4) as pool:
        table = f"bench_postcode_{os.getpid()}"
        await pool.execute(f"CREATE UNLOGGED TABLE {table} (postcode text PRIMARY KEY, seat text)")
        try:
            await pool.copy_records_to_table(table, records=rows.items())
            await pool.execute(f"ANALYZE {table}")
            sql = f"SELECT seat FROM {table} WHERE postcode = $1"
            pooled = await _one_by_one(lambda text: pool.fetchval(sql, text), asked)
            async with pool.acquire() as connection:
                ask = await connection.prepare(sql)
                return pooled, await _one_by_one(ask.fetchval, asked)
        finally:
            await pool.execute(f"DROP TABLE {table}")


async def _one_by_one(ask: Callable[[str], Awaitable[Any]], asked: list[str]) -> float:
    tries = []
    for _ in range(3):
        began = time.perf_counter()
        for text in asked:
            await ask(text)
        tries.append(time.perf_counter() - began)
    return min(tries) / len(asked) * 1e6


# The API


def _api(path: Path, seconds: int) -> dict[str, Any]:
    """Requests a second of one web process, asked by wrk if it is there."""
    postcode = next(str(code) for code, found in Index.open(path) if not found.terminated).replace(" ", "")
    with _web(path) as port:
        target = f"/api/postcodes/{postcode}"
        if wrk := shutil.which("wrk"):
            command = [wrk, "-t1", "-c32", f"-d{seconds}s", f"http://127.0.0.1:{port}{target}"]
            said = subprocess.check_output(command, text=True)
            if "Non-2xx" in said:
                raise RuntimeError(f"The API did not answer well: {said}")
            return {REQUESTS: float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])}
        return {REQUESTS: asyncio.run(_ask_much(port, target, seconds))}


@contextlib.contextmanager
def _web(path: Path) -> Iterator[int]:
    """A web process of our own with this index."""
    var = path.parent / "var"
    var.mkdir()
    shutil.copy(path, var / FILE_NAME)
    port = _free_port()
    ours = {"UNDERSIGNED_VAR": str(var), "HOST": "127.0.0.1", "PORT": str(port), "WEB_PROCESSES": "1"}
    servers = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "SECRET_KEY": "0" * 32}
    command = [sys.executable, "-m", "undersigned.commands"]
    environment = os.environ | ours | servers
    subprocess.run([*command, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [*command, "web"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("The web process did not start.")


async def _ask_much(port: int, target: str, seconds: int) -> float:
    """Sixteen connections that ask again as soon as they are answered; slower than wrk, so a lower bound."""
    request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    done, until = 0, time.monotonic() + seconds

    async def ask() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.findall(rb"content-length: (\d+)", head.lower())[0]))
            done += 1
        writer.close()

    await asyncio.gather(*(ask() for _ in range(16)))
    return done / seconds
