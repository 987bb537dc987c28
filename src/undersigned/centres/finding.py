"""The directory: the nearest centres first, or all of them by area."""

import asyncio
from datetime import timedelta
from itertools import groupby
from types import SimpleNamespace
from typing import Final

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.centres.tables import Centre
from undersigned.kit import days
from undersigned.postcodes import places, towns
from undersigned.postcodes.places import Point

MOST_NEAR: Final = 20
FRESH: Final = timedelta(days=182)
"""How long it is enough to have checked a centre once."""
Areas = list[tuple[str, list[SimpleNamespace]]]


async def of(campaign: Campaign | None, chapter: Chapter | None = None) -> list[Centre]:
    """The centres of a campaign or of one of its chapters, by name; all of them without either."""
    query = Centre.objects().order_by(Centre.name)
    if chapter:
        query = query.where(Centre.chapter == chapter.id)
    elif campaign:
        query = query.where(Centre.campaign == campaign.id)
    else:
        query = query.where(Centre.campaign.state.is_in(["open", "closed"]))
    return list(await query)


async def nearest(centres: list[Centre], here: Point) -> list[SimpleNamespace]:
    """Centres as a page shows them, the nearest twenty; those whose point is not known come last.

    None at all where we know of no centre how far it is.
    """
    shown = await asyncio.to_thread(lambda: [_show(centre, _miles(here, centre)) for centre in centres])
    if all(centre.distance_miles is None for centre in shown):
        return []
    far = float("inf")
    shown.sort(key=lambda centre: far if centre.distance_miles is None else centre.distance_miles)
    return shown[:MOST_NEAR]


async def by_area(centres: list[Centre], chapter: Chapter | None = None) -> Areas:
    """Every centre as a page shows it, in groups by the alphabet: its area, else its chapter, else its town.

    One group without a heading where each would stand alone, and where there is only one.
    """
    chapters = {} if chapter else await _chapters(centres)
    shown = [_show(centre, area=_area(centre, chapters)) for centre in centres]
    shown.sort(key=lambda centre: (not centre.area, towns.plain(centre.area), towns.plain(centre.name)))
    groups = [(area, list(there)) for area, there in groupby(shown, key=lambda centre: str(centre.area))]
    return groups if 1 < len(groups) < len(shown) else [("", shown)]


async def _chapters(centres: list[Centre]) -> dict[int, str]:
    wanted = {centre.chapter for centre in centres if centre.chapter}
    rows = await Chapter.objects().where(Chapter.id.is_in(list(wanted))) if wanted else []
    return {row.id: row.name for row in rows}


def _area(centre: Centre, chapters: dict[int, str]) -> str:
    town = centre.address.rpartition(",")[2].strip() if "," in centre.address else ""
    return centre.area or chapters.get(centre.chapter, "") or town


def _miles(here: Point, centre: Centre) -> float | None:
    if centre.latitude is not None and centre.longitude is not None:
        return places.miles(here, (centre.latitude, centre.longitude))
    there = places.point_now(centre.postcode)
    return places.miles(here, there) if there else None


def _show(centre: Centre, distance_miles: float | None = None, area: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        name=centre.name,
        about=centre.about,
        area=area,
        address=centre.address,
        postcode=centre.postcode,
        phone=centre.phone,
        textphone=centre.textphone,
        opening=centre.opening,
        languages=centre.languages,
        step_free=centre.step_free,
        checked_on=centre.checked_on,
        is_fresh=is_fresh(centre),
        distance_miles=distance_miles,
    )


def is_fresh(centre: Centre) -> bool:
    """Whether somebody has checked it within half a year."""
    return centre.checked_on is not None and centre.checked_on >= days.today() - FRESH
