"""Signing: the whole form posted to one campaign, beside Django, FastAPI, and our own server without a database.

Every signature that was acknowledged must be in its table afterwards, with one e-mail owed for it. The peers do
somewhat less than we do (no totals by hour, no household rule, no wording kept), never more.
"""

import asyncio
from typing import Any

from bench.side_by_side import course, proof, report, rounds, works
from bench.side_by_side.report import Aim
from bench.side_by_side.rounds import Bounds

QUICK = Bounds(rounds=2, seconds=3)
FULL = Bounds(rounds=5, seconds=6)
AIMS = [Aim("signing", "Django", 8), Aim("signing", "FastAPI", 8), Aim("signing", "no database", 0.6)]


def run(quick: bool, bounds: Bounds | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9. Raises Missing when a signature is lost."""
    chosen = bounds or (QUICK if quick else FULL)
    with course.prepared(floor=True) as them:
        signing = [works.signing(site, them.slug, chosen) for site in them.all]
        rounds.take_turns([work for work, _ in signing], chosen)
        found = report.columns({"signing": [work for work, _ in signing]})
        for work, forms in signing:
            if work.site in them.who_keep:
                asyncio.run(proof.nothing_is_lost(work.site, forms.acknowledged))
                found[work.site.name]["acknowledged, every one of them kept"] = len(forms.acknowledged)
    return report.whole("sign", found, AIMS)
