"""Signing: the whole form posted to one campaign, beside Django, FastAPI, and our own server without a database.

Every signature that was acknowledged must be in its table afterwards, with one e-mail owed for it. The peers do
somewhat less than we do (no totals by hour, no household rule, no wording kept), never more.
"""

import asyncio
from typing import Any

from bench.side_by_side import course, proof, report, rounds, typed
from bench.side_by_side.course import Course
from bench.side_by_side.report import Aim
from bench.side_by_side.rounds import Bounds, Requests, Work
from bench.side_by_side.sites import Site

QUICK = Bounds(rounds=2, seconds=3)
FULL = Bounds(rounds=5, seconds=6)
FASTEST = 9_000
"""Signatures a second that nobody here reaches: so many forms are filled in for a round."""
AIMS = [Aim("signing", "Django", 8), Aim("signing", "FastAPI", 8), Aim("signing", "no database", 0.6)]


def run(quick: bool, bounds: Bounds | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9. Raises Missing when a signature is lost."""
    chosen = bounds or (QUICK if quick else FULL)
    with course.prepared(floor=True) as them:
        acknowledged: dict[str, list[str]] = {}
        works = [_work(them, site, chosen, acknowledged.setdefault(site.name, [])) for site in them.all]
        rounds.take_turns(works, chosen)
        found = report.columns({"signing": works})
        for site in them.who_keep:
            asyncio.run(proof.nothing_is_lost(site.name, site.database_url, acknowledged[site.name]))
            found[site.name]["acknowledged, every one of them kept"] = len(acknowledged[site.name])
        return report.whole("sign", found, AIMS)


def _work(them: Course, site: Site, bounds: Bounds, acknowledged: list[str]) -> Work:
    """Signing at one site; ``acknowledged`` gathers who was told that their form was taken."""
    emails: list[str] = []

    def requests() -> Requests:
        emails[:], forms = typed.signings(them.slug, round(FASTEST * bounds.seconds))
        return forms

    def note(_: Requests, numbers: list[int]) -> None:
        acknowledged.extend(emails[number] for number in numbers)

    return Work(site, requests, expected=303, good=note)
