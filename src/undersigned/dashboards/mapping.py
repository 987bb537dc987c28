"""A campaign's signatures by constituency, as the public map and the table beside it tell them."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from undersigned.dashboards import hexagons
from undersigned.dashboards.hexagons import Drawing
from undersigned.postcodes.seats import COUNTRY_NAMES, country_of
from undersigned.representatives import seats
from undersigned.signatures import withholding
from undersigned.signatures.tables import Tally

CLASSES: Final = 5
TOLD, NONE, HIDDEN = "told", "none", "hidden"
FEWER, HELD_BACK = "fewer than five", "not told"


@dataclass(frozen=True)
class Area:
    """One constituency. ``total`` is None unless it is TOLD; so is ``rate``, signatures for 1,000 electors."""

    code: str
    name: str
    country: str
    region: str
    standing: str
    words: str
    total: int | None = None
    rate: float | None = None

    @property
    def where(self) -> str:
        """Its region, where a country is divided into them, or its country."""
        return self.region or self.country


@dataclass(frozen=True)
class Scale:
    """At most five classes of values, by the ``edges`` between them; the highest is always the fifth colour."""

    by_rate: bool
    edges: tuple[float, ...] = ()

    def step(self, area: Area) -> str:
        """The class of an area: its standing, or a colour from 1 to 5."""
        if area.total is None:
            return area.standing
        return str(self._colour(bisect_right(self.edges, _value(area, self.by_rate))))

    def _colour(self, place: int) -> int:
        return CLASSES - len(self.edges) + place

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Each colour with what it stands for, the lowest first."""
        return [(self._colour(place), self._words(place)) for place in range(len(self.edges) + 1)]

    def _words(self, place: int) -> str:
        edges = [f"{edge:,.2f}" if self.by_rate else f"{edge:,.0f}" for edge in self.edges]
        if not edges:
            return "Five signatures or more"
        if place == len(edges):
            return f"{edges[-1]} or more"
        if place == 0:
            return f"Under {edges[0]}" if self.by_rate else _between(Tally.FEWEST_SHOWN, self.edges[0])
        lower = self.edges[place - 1]
        return f"{edges[place - 1]} to {edges[place]}" if self.by_rate else _between(lower, self.edges[place])


@dataclass(frozen=True)
class Map:
    """Everything that the page shows; ``larger`` says that some of the hidden have five signatures or more."""

    areas: list[Area]
    drawing: Drawing
    scale: Scale
    larger: bool
    hidden: str
    has_rates: bool

    @property
    def countries(self) -> list[str]:
        return sorted({area.country for area in self.areas})

    @property
    def told(self) -> list[Area]:
        """Areas whose number is told, the largest first."""
        return ordered([area for area in self.areas if area.total is not None], "-signatures")

    @property
    def highest(self) -> Area | None:
        """The area with most signatures for its size, or None when nobody knows the sizes."""
        return max((area for area in self.told if area.rate), key=lambda area: area.rate or 0, default=None)


async def of(campaign_id: int) -> Map:
    """The map of a campaign, from its totals: as quick with ten million signatures as with ten."""
    standing = {row["gss_code"]: row for row in await seats.standing()}
    told = await withholding.by_constituency(campaign_id)
    elsewhere = (told.totals.keys() | told.hidden) - standing.keys()
    names = await seats.names() if elsewhere else {}
    rows = [*standing.values(), *({"gss_code": code, "name": names.get(code, code)} for code in sorted(elsewhere))]
    areas = [_area(told, **row) for row in rows]
    drawing = await hexagons.drawing({code: row["name"] for code, row in standing.items()})
    hidden = HELD_BACK if told.larger else FEWER
    return Map(areas, drawing, _scale(areas), told.larger, hidden, any(area.rate is not None for area in areas))


def _area(
    told: withholding.Told, gss_code: str, name: str, region: str = "", electorate: int | None = None
) -> Area:
    country = COUNTRY_NAMES.get(country_of(gss_code), "")
    region = "" if region == country else region
    total = told.totals.get(gss_code)
    if total is None:
        hidden = gss_code in told.hidden
        words = (HELD_BACK if told.larger else FEWER) if hidden else "none yet"
        return Area(gss_code, name, country, region, HIDDEN if hidden else NONE, words)
    rate = round(1000 * total / electorate, 2) if electorate else None
    words = f"{total:,} signatures" + (f", {rate:,.2f} for every 1,000 electors" if rate is not None else "")
    return Area(gss_code, name, country, region, TOLD, words, total, rate)


def _scale(areas: list[Area]) -> Scale:
    """By size where the size of every area with a number is known; five classes with as many areas in each."""
    told = [area for area in areas if area.total is not None]
    by_rate = all(area.rate is not None for area in told)
    values = sorted(_value(area, by_rate) for area in told)
    cuts = {values[len(values) * part // CLASSES] for part in range(1, CLASSES)} if values else set()
    bounds = sorted(cuts.union(values[:1]))
    # A plain number divides as well, if nothing that belongs below it is above it then.
    edges = (_plain(cut) if _plain(cut) > below else cut for below, cut in pairwise(bounds))
    return Scale(by_rate, tuple(edges))


def _value(area: Area, by_rate: bool) -> float:
    return (area.rate if by_rate else area.total) or 0


def _plain(value: float) -> float:
    """Down to two figures: 1,283 as 1,200, and 0.128 as 0.12."""
    if value <= 0:
        return 0
    size = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.floor(value / size + 1e-9) * size, 2)


def _between(lowest: float, next_one: float) -> str:
    return f"{lowest:,.0f}" if next_one - lowest == 1 else f"{lowest:,.0f} to {next_one - 1:,.0f}"


ORDERS: Final[dict[str, Callable[[Area], tuple[float | str, ...]]]] = {
    "name": lambda area: (),
    "place": lambda area: (area.country, area.region),
    "signatures": lambda area: _told_first(area, area.total),
    "rate": lambda area: _told_first(area, area.rate),
}
SORTS: Final = tuple(sign + order for order in ORDERS for sign in ("", "-"))


def _told_first(area: Area, value: float | None) -> tuple[float | str, ...]:
    """By what is told and nothing else: an order may give no hidden number away."""
    return ((NONE, HIDDEN, TOLD).index(area.standing), value or 0)


def ordered(areas: Iterable[Area], sort: str) -> list[Area]:
    """Areas in one of SORTS, backwards after a minus; those that are alike by name, always forwards."""
    by_name = sorted(areas, key=lambda area: area.name, reverse=sort == "-name")
    return sorted(by_name, key=ORDERS[sort.removeprefix("-")], reverse=sort.startswith("-"))
