"""Confirming: the button in the e-mail, pressed for signatures of one campaign, beside Django and FastAPI.

Afterwards the campaign's count, its confirmed rows, and the totals by country and by hour must be the same number,
and each signer must have a number of their own. The peers keep no supporters and no consents, as we do; they count
by country, constituency and hour in the transaction of the signature, like us.
"""

import asyncio
from typing import Any

from bench.side_by_side import confirming, course, proof, report, rounds
from bench.side_by_side.report import Aim
from bench.side_by_side.rounds import RATE, Bounds

QUICK = Bounds(rounds=2, seconds=3)
FULL = Bounds(rounds=5, seconds=6)
PARLIAMENT = 33
"""Confirmations a second at which the Parliament site stood on 21 March 2019: nearly 2,000 a minute."""
AIMS = [Aim("confirming", "Django"), Aim("confirming", "FastAPI")]


def run(quick: bool, bounds: Bounds | None = None) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9. Raises Missing when a total is not exact."""
    chosen = bounds or (QUICK if quick else FULL)
    with course.prepared() as them:
        pressing = [confirming.ours(them.ours, them.slug, chosen)]
        pressing += [confirming.theirs(peer, chosen) for peer in them.peers]
        rounds.take_turns([work for work, _ in pressing], chosen)
        found = report.columns({"confirming": [work for work, _ in pressing]})
        for work, buttons in pressing:
            counted = proof.OURS if work.site is them.ours else proof.THEIRS
            asyncio.run(proof.counts_are_exact(work.site, them.slug, buttons.least, counted))
            found[work.site.name]["confirmed, every one of them counted once"] = buttons.pressed
        got = found[them.ours.name][f"confirming: {RATE}"] / PARLIAMENT
    beside = report.target("beside Parliament’s 33 a second", "≥ 30×", got, got >= 30)
    return report.whole("confirm", found, AIMS, beside)
