"""The nearest reporting centres."""

from types import SimpleNamespace

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.centres.tables import Centre
from undersigned.postcodes import places
from undersigned.postcodes.postcode import Postcode

MOST_WITH_A_POSTCODE = 20


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


async def nearest(centres: list[Centre], postcode: Postcode | None) -> list[SimpleNamespace]:
    """Centres as a page shows them, with ``distance_miles`` or None.

    The nearest twenty first when we know where ``postcode`` is; otherwise all of them by name. A centre
    whose point is not known comes last.
    """
    here = await places.point_of(str(postcode)) if postcode else None
    shown = [_show(centre, await _miles(here, centre)) for centre in centres]
    if not any(centre.distance_miles is not None for centre in shown):
        return shown
    far = float("inf")
    shown.sort(key=lambda centre: far if centre.distance_miles is None else centre.distance_miles)
    return shown[:MOST_WITH_A_POSTCODE]


async def _miles(here: places.Point | None, centre: Centre) -> float | None:
    if here is None:
        return None
    if centre.latitude is not None and centre.longitude is not None:
        return places.miles(here, (centre.latitude, centre.longitude))
    there = await places.point_of(centre.postcode)
    return places.miles(here, there) if there else None


def _show(centre: Centre, distance_miles: float | None) -> SimpleNamespace:
    return SimpleNamespace(
        name=centre.name,
        about=centre.about,
        address=centre.address,
        postcode=centre.postcode,
        phone=centre.phone,
        textphone=centre.textphone,
        opening=centre.opening,
        languages=centre.languages,
        step_free=centre.step_free,
        checked_on=centre.checked_on,
        distance_miles=distance_miles,
    )
