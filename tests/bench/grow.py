"""Growing: a site with ten million signatures beside one with a thousand, asked to do the same.

Two databases on one PostgreSQL, each with its own web processes, so that the larger has the deeper indexes and the
colder pages. What a visitor does must not cost more with ten million: p99 within 1.2 of the small site's, as the
median over pairs of rounds that follow one another.
"""

import asyncio
import statistics
import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.side_by_side import confirming, course, loading, proof, report, rounds, sites, works
from bench.side_by_side.confirming import Buttons
from bench.side_by_side.rounds import Bounds, Round, Work
from bench.side_by_side.sites import Ground
from bench.side_by_side.works import Forms

SHOWS_PROGRESS = True
QUICK = Bounds(rounds=1, seconds=1)
FULL = Bounds(rounds=7, seconds=2)
MANY, MANY_QUICK, FEW = 10_000_000, 100_000, 1_000
WITHIN = 1.2
READ = {
    "page": "/campaigns/{slug}",
    "count.json": "/campaigns/{slug}/count.json",
    "facts in JSON": "/campaigns/{slug}.json",
    "dashboard": "/campaigns/{slug}/dashboard",
    "map": "/campaigns/{slug}/map",
}


def run(quick: bool, bounds: Bounds | None = None, many: int | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9. Raises Missing when something is lost or miscounted."""
    chosen = bounds or (QUICK if quick else FULL)
    size = many or (MANY_QUICK if quick else MANY)
    with sites.ground() as ground, _progress() as progress:
        course.load_demonstration(ground, ground.database_url)
        grown = [_Grown(ground, name, size, progress) for name, size in (("large", size), ("small", FEW))]
        sites.wait_for([one.site for one in grown])
        for one in grown:
            one.set_to_work(chosen)
        asked = {what: [one.works[what] for one in grown] for what in grown[0].works}
        _take_turns(asked, chosen, progress)
        found = report.columns(asked)
        for one in grown:
            one.prove()
            found[one.site.name] |= one.figures
    targets = [_target(what, large, small) for what, (large, small) in asked.items()]
    ratios = {f"{what}: p50 beside {FEW:,}": _ratio(large, small, "p50") for what, (large, small) in asked.items()}
    return report.whole("grow", found, [], *targets) | {"ratios": ratios}


class _Grown:
    """A site of our own whose campaign has been given so many signatures."""

    works: dict[str, Work]
    forms: Forms
    buttons: Buttons

    def __init__(self, ground: Ground, name: str, size: int, progress: Progress) -> None:
        url = ground.address_of(name)
        asyncio.run(course.fetch(ground.address_of("postgres"), f"CREATE DATABASE {name} TEMPLATE undersigned"))
        self.slug = asyncio.run(course.first_petition(url))
        began = time.monotonic()
        task = progress.add_task(f"Loading {size:,} signatures", total=size)
        asyncio.run(loading.confirmed(url, self.slug, size, lambda some: progress.advance(task, some)))
        self.figures = {"loading (s)": time.monotonic() - began}
        self.site = sites.undersigned(ground, url, f"{size:,} signatures")

    def set_to_work(self, bounds: Bounds) -> None:
        """Everything that a visitor does here."""
        signing, self.forms = works.signing(self.site, self.slug, bounds)
        pressing, self.buttons = confirming.ours(self.site, self.slug, bounds)
        self.works = {"signing": signing, "confirming": pressing}
        self.works |= {what: works.reading(self.site, path.format(slug=self.slug)) for what, path in READ.items()}

    def prove(self) -> None:
        """Raises Missing when something is lost or miscounted; notes how large the database has become."""
        asyncio.run(proof.nothing_is_lost(self.site, self.forms.acknowledged))
        asyncio.run(proof.counts_are_exact(self.site, self.slug, self.buttons.least, proof.OURS))
        size = "SELECT pg_database_size(current_database()) AS bytes"
        (row,) = asyncio.run(course.fetch(self.site.database_url, size))
        self.figures["database (MB)"] = row["bytes"] / 1e6


def _take_turns(asked: dict[str, list[Work]], bounds: Bounds, progress: Progress) -> None:
    everything = [work for ones in asked.values() for work in ones]
    task = progress.add_task("Rounds", total=len(everything) * (bounds.rounds + 1))
    rounds.take_turns(everything, bounds, after=lambda: progress.advance(task))


def _target(what: str, large: Work, small: Work) -> dict[str, Any]:
    got = _ratio(large, small, "p99")
    return report.target(f"{what}: p99 beside {FEW:,} signatures", f"≤ {WITHIN}×", got, got <= WITHIN)


def _ratio(large: Work, small: Work, what: str) -> float:
    def of(one: Round) -> float:
        return float(getattr(one, what))

    pairs = zip(large.rounds, small.rounds, strict=True)
    return round(statistics.median(of(one) / of(other) for one, other in pairs), 3)


def _progress() -> Progress:
    """On the standard error, so that ``--json`` stays one object; a bar only where somebody watches."""
    console = Console(stderr=True)
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*bars, console=console, transient=True, disable=not console.is_terminal)
