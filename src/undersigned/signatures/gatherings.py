"""The gathering that a signer is asked to: the nearest one within reach, else the soonest of all."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final

from undersigned.campaigns.tables import Campaign
from undersigned.events import calendar
from undersigned.kit.caching import Shelf
from undersigned.postcodes import places
from undersigned.postcodes.places import Point, point_of

KEPT_SECONDS: Final = 10
NEAR_MILES: Final = 50
"""Nobody is told that a gathering further off is near."""


@dataclass(frozen=True)
class Placed:
    """An event that is still to come, and roughly where it is."""

    event: SimpleNamespace
    point: Point | None


@dataclass(frozen=True)
class Nearest:
    """One event, how many miles it is from the signer where it is near, and how many there are besides."""

    event: SimpleNamespace
    miles: int | None
    others: int


shelf: Shelf[list[Placed]] = Shelf(seconds=KEPT_SECONDS)


async def nearest(campaign: Campaign, postcode: str) -> Nearest | None:
    """The event of a campaign, or of any of its chapters, that is nearest to ``postcode``; None if none comes.

    Where none is near, or none that we can place, it is the soonest, and no distance is said.
    """
    coming = await shelf.get(campaign.slug, lambda: _placed(campaign))
    if not coming:
        return None
    here = await point_of(postcode) if postcode and any(one.point for one in coming) else None
    near = [(miles, one) for one in coming if (miles := _miles(here, one.point)) <= NEAR_MILES]
    if not near:
        return Nearest(coming[0].event, None, len(coming) - 1)
    miles, placed = min(near, key=lambda pair: pair[0])
    return Nearest(placed.event, round(miles), len(coming) - 1)


async def _placed(campaign: Campaign) -> list[Placed]:
    """Soonest first, so that of two which are as far the sooner is the nearest."""
    events = await calendar.everywhere(campaign)
    return [Placed(event, await point_of(event.postcode) if event.postcode else None) for event in events]


def _miles(here: Point | None, there: Point | None) -> float:
    return places.miles(here, there) if here and there else float("inf")
