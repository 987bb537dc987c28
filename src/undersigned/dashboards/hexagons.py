"""Where the hexagon of each constituency is drawn: by the map that an operator brought, or by one of our own."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from undersigned.dashboards import scattering
from undersigned.dashboards.scattering import ROW, Cell, Point
from undersigned.postcodes import index, places
from undersigned.postcodes.seats import country_of
from undersigned.representatives import hexmap

WIDTH: Final = 20
"""From one hexagon of a row to the next, in the units of the drawing."""
LONGEST_ROW: Final = 26
BROUGHT, DRAWN, LISTED = "brought", "drawn", "listed"


@dataclass(frozen=True)
class Drawing:
    """The middle of each hexagon, y growing downwards; ``pointed`` ones stand on a corner, others lie on a side.

    ``kind`` is BROUGHT, DRAWN (from roughly where each seat is) or LISTED (nobody knows where any is).
    ``apart`` stand in rows below the others, because nobody knows where they are.
    """

    kind: str
    pointed: bool
    middles: dict[str, Point]
    apart: int = 0

    def box(self, codes: Iterable[str]) -> str:
        """The ``viewBox`` that shows these hexagons and no more."""
        xs, ys = zip(*(self.middles[code] for code in codes), strict=True)
        edge = 0.7 * WIDTH
        corner = min(xs) - edge, min(ys) - edge
        return " ".join(f"{n:.1f}" for n in (*corner, max(xs) - corner[0] + edge, max(ys) - corner[1] + edge))


async def drawing(names: dict[str, str]) -> Drawing:
    """Hexagons for the constituencies with these codes and names; those that a brought map lacks are left out."""
    brought = await hexmap.loaded()
    if brought:
        middles = {code: _middle(brought.layout, cell) for code, cell in brought.cells.items() if code in names}
        return Drawing(BROUGHT, brought.layout.endswith("r"), middles)
    editions = index.current().edition, places.edition()
    return await asyncio.to_thread(_of_our_own, tuple(names.items()), *editions)


@lru_cache(maxsize=4)
def _of_our_own(names: tuple[tuple[str, str], ...], _postcodes: str, _places: str) -> Drawing:
    """Made once for each edition of what it is made from, for it takes a second."""
    known = places.seats_now(index.current())
    cells = scattering.scatter({code: known[code] for code, _ in names if code in known})
    kind = DRAWN if cells else LISTED
    apart = [(code, name) for code, name in names if code not in cells]
    cells |= _rows(apart, cells.values())
    middles = {code: _middle("odd-r", cell) for code, cell in cells.items()}
    return Drawing(kind, True, middles, len(apart))


def _rows(names: list[tuple[str, str]], above: Iterable[Cell]) -> dict[str, Cell]:
    """Rows by country and name, under what is drawn already."""
    taken = list(above)
    left = min((q for q, _ in taken), default=0)
    row = min((r for _, r in taken), default=3) - 3
    longest = max((q for q, _ in taken), default=left + LONGEST_ROW) - left
    cells: dict[str, Cell] = {}
    for _, of_country in groupby(sorted(names, key=_by_country), key=lambda one: country_of(one[0])):
        for at, (code, _) in enumerate(of_country):
            row -= at > 0 and at % max(longest, 10) == 0
            cells[code] = left + at % max(longest, 10), row
        row -= 2
    return cells


def _by_country(named: tuple[str, str]) -> tuple[str, str]:
    return country_of(named[0]), named[1]


def _middle(layout: str, cell: Cell) -> Point:
    """The middle of a cell: of two neighbouring rows one is pushed to the right, of two columns one down."""
    across, along = cell
    pushed = 0.5 * ((along if layout.endswith("r") else across) % 2 == layout.startswith("odd"))
    x, y = (across + pushed, -along * ROW) if layout.endswith("r") else (across * ROW, pushed - along)
    return round(x * WIDTH, 1), round(y * WIDTH, 1)
