"""Reading: the campaign's page and its count, beside Django and FastAPI.

All three serve the same page to browsers, which accept gzip. Ours is gathered afresh every second, compressed ten
times a second, and served as bytes; the peers read the campaign, fill in their template and send it plain for
every request, as their tutorials do. Of the page only the campaign's own words and its count are theirs to fill
in: the rest of their template stands still.
"""

from typing import Any

from bench.side_by_side import course, report, rounds, works
from bench.side_by_side.report import Aim
from bench.side_by_side.rounds import Bounds

QUICK = Bounds(rounds=2, seconds=2)
FULL = Bounds(rounds=5, seconds=4)
PATHS = {"page": "/campaigns/{slug}", "count.json": "/campaigns/{slug}/count.json"}
AIMS = [Aim(what, peer, least) for what in PATHS for peer, least in (("Django", 10), ("FastAPI", None))]


def run(quick: bool, bounds: Bounds | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9."""
    with course.prepared() as them:
        reading = {
            what: [works.reading(site, path.format(slug=them.slug)) for site in them.all]
            for what, path in PATHS.items()
        }
        everything = [work for ones in reading.values() for work in ones]
        rounds.take_turns(everything, bounds or (QUICK if quick else FULL))
        return report.whole("read", report.columns(reading), AIMS)
