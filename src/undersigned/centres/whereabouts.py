"""Where somebody looks from: a postcode, the first half of one, or a town."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from undersigned.centres.tables import Centre
from undersigned.postcodes import places, towns
from undersigned.postcodes.places import Point
from undersigned.postcodes.postcode import NotAPostcode, Postcode

LONGEST: Final = 60
EXAMPLE: Final = "SG13"
_BEGUN: Final = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)(\s+[0-9][A-Z]?)?")


@dataclass(frozen=True)
class Whereabouts:
    """What we make of what was typed.

    ``name`` is what to call the place, and ``point`` its middle: None where we know the name and cannot tell where
    it is. Of places that may be meant instead ``choices`` has the words to type. ``mistake`` is a sentence.
    """

    name: str = ""
    point: Point | None = None
    choices: list[str] = field(default_factory=list)
    mistake: str = ""


NOWHERE: Final = Whereabouts()


async def of(typed: str, centres: Iterable[Centre]) -> Whereabouts:
    """Where ``typed`` is; a town that the file of places does not know may be that of one of the ``centres``."""
    words = " ".join(typed.split())
    if not words:
        return NOWHERE
    if any(letter.isdigit() for letter in words):
        return await _of_a_postcode(words)
    return await _of_a_town(words, list(centres))


async def _of_a_postcode(words: str) -> Whereabouts:
    begun = _BEGUN.fullmatch(words.upper())
    try:
        outward = begun[1] if begun else Postcode.parse(words).outward
    except NotAPostcode:
        return Whereabouts(
            mistake=f"That is not a UK postcode. Its first half is enough, such as {EXAMPLE}; or enter a town."
        )
    return Whereabouts(outward, await places.point_of(outward))


async def _of_a_town(words: str, centres: list[Centre]) -> Whereabouts:
    found = await towns.find(words)
    if len(found) == 1:
        return Whereabouts(found[0].name, found[0].point)
    if found:
        return Whereabouts(words, choices=[f"{town.name}, {town.county}" for town in found])
    there = [(centre, town) for centre in centres if (town := _town_like(centre, words))]
    if there:
        return Whereabouts(there[0][1], await _middle([centre for centre, _ in there]))
    mistake = (
        f"We do not know a place called “{words}”. Try a larger town nearby, or the first half of a postcode."
    )
    return Whereabouts(mistake=mistake, choices=await towns.like(words))


def _town_like(centre: Centre, words: str) -> str:
    """The part of its address, or its area, that ``words`` name, as it is written there; else nothing."""
    parts = [part.strip() for part in (*centre.address.split(","), centre.area)]
    return next((part for part in parts if part and towns.plain(part) == towns.plain(words)), "")


async def _middle(centres: list[Centre]) -> Point | None:
    points = [point for centre in centres if (point := await _point_of(centre))]
    if not points:
        return None
    return sum(point[0] for point in points) / len(points), sum(point[1] for point in points) / len(points)


async def _point_of(centre: Centre) -> Point | None:
    if centre.latitude is not None and centre.longitude is not None:
        return centre.latitude, centre.longitude
    return await places.point_of(centre.postcode)
