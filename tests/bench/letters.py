"""Letters: merged and laid out on one core, beside WeasyPrint as its papers show it; and a bundle's memory.

The naive way reads the stylesheet and the fonts for every letter, as ``HTML(string=…).write_pdf()`` does. Both
make the same PDF/UA-1 of the same letter, by turns, in one thread.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg

from bench.paper import words
from bench.side_by_side import sites
from bench.side_by_side.report import target
from undersigned.kit import pdf
from undersigned.kit.errors import Missing
from undersigned.letters import sheet

A_SECOND = "letters merged and laid out a second, one core"
ROUNDS, ROUNDS_QUICK = 7, 3
AT_A_TIME, AT_A_TIME_QUICK = 20, 5
BUNDLE, BUNDLE_QUICK = 500, 40
MOST_MEMORY = 200
LEAST = 25


def run(quick: bool, bundle: int | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9. ``bundle`` is how many letters are bound together."""
    rounds, many = (ROUNDS_QUICK, AT_A_TIME_QUICK) if quick else (ROUNDS, AT_A_TIME)
    _ours(0), _naive(0)
    ours, naive = [], []
    for number in range(rounds):
        ours.append(_rate(_ours, number * many, many))
        naive.append(_rate(_naive, number * many, many))
    mine, theirs = statistics.median(ours), statistics.median(naive)
    bound = _bundle(bundle or (BUNDLE_QUICK if quick else BUNDLE))
    grown, held = bound["grown"], bound["held"]
    column = {
        A_SECOND: mine,
        "bundle: letters": bound["letters"],
        "bundle: pages": bound["pages"],
        "bundle: letters a second": bound["letters"] / bound["seconds"],
        "bundle: memory it took (MB)": grown,
        "bundle: memory of the whole process (MB)": held,
        "bundle: size (kB a letter)": bound["bytes"] / 1000 / bound["letters"],
    }
    aims = [target(A_SECOND, f"≥ {LEAST}", mine, mine >= LEAST)]
    if held is not None:
        what = f"memory of a process that binds {bound['letters']} letters (MB)"
        aims.append(target(what, f"≤ {MOST_MEMORY}", held, held <= MOST_MEMORY))
    return {
        "name": "letters",
        "ours": column,
        "peers": {"naive WeasyPrint": {A_SECOND: theirs}},
        "ratios": {"times as many a second as naive WeasyPrint": round(mine / theirs, 3)},
        "targets": aims,
    }


def _rate(work: Callable[[int], bytes], first: int, many: int) -> float:
    """How often a second of this core; what other programs take of it meanwhile is not counted."""
    began = time.process_time()
    for number in range(first, first + many):
        work(number)
    return many / (time.process_time() - began)


def _ours(number: int) -> bytes:
    return pdf.render(words.page(number).as_paper_html(), sheet.SHARED, "letter.css")


def _naive(number: int) -> bytes:
    """The same page, with everything read again."""
    from weasyprint import HTML

    html = words.page(number).as_paper_html()
    html = html.replace("</head>", '<link rel="stylesheet" href="letter.css"></head>')
    made: bytes = HTML(string=html, base_url=f"{sheet.SHARED.as_uri()}/").write_pdf(pdf_variant="pdf/ua-1")
    return made


def _bundle(many: int) -> dict[str, Any]:
    """Bind letters together in a process of its own, on servers that nobody else uses. Raises Missing."""
    with tempfile.TemporaryDirectory(prefix="undersigned-bench-") as folder, sites.ground() as ground:
        asyncio.run(_database(ground.database_url))
        told = {"DATABASE_URL": ground.address_of("bundle"), "SECRET_KEY": sites.SECRET}
        command = [sys.executable, "-m", "bench.paper.bundle", str(many), str(Path(folder) / "bundle.pdf")]
        said = subprocess.run(
            command, env=ground.environment() | told, capture_output=True, text=True, check=False
        )
        if said.returncode:
            raise Missing(f"The bundle was not made: {said.stderr[-2000:].strip()}")
        return dict(json.loads(said.stdout))


async def _database(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE DATABASE bundle")
    finally:
        await connection.close()
