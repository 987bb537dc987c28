"""Giving points on the ground a hexagon each, near where they lie and none on top of another."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

ROW: Final = math.sqrt(3) / 2
"""How far rows of hexagons lie apart, when those in a row lie 1 apart."""
ROUNDS: Final = 160
FILLED: Final = 0.42
"""How much of the ground between the outermost points ends up under hexagons."""
HOMESICK: Final = 0.02
GOLDEN: Final = math.pi * (3 - math.sqrt(5))
Point = tuple[float, float]
Cell = tuple[int, int]


def scatter(points: Mapping[str, Point]) -> dict[str, Cell]:
    """A cell (q, r) of an odd-r map for each latitude and longitude, r growing to the north; always the same.

    The points are drawn to scale and push one another apart until each has room (after Dorling, 1996); then
    each takes the nearest cell that is free, beginning in the middle.
    """
    if not points:
        return {}
    names = sorted(points)
    apart = _pushed_apart(_to_scale([points[name] for name in names]))
    middle = _middle(apart)
    free: dict[Cell, str] = {}
    for at in sorted(range(len(names)), key=lambda at: math.dist(apart[at], middle)):
        free[_nearest(apart[at], free)] = names[at]
    return {name: cell for cell, name in free.items()}


def _to_scale(points: list[Point]) -> list[Point]:
    """Degrees as widths of a hexagon, so that all of them fill the share of the ground that they should."""
    flat = [(longitude * math.cos(math.radians(55)), latitude) for latitude, longitude in points]
    wide, high = (max(axis) - min(axis) + 1e-9 for axis in zip(*flat, strict=True))
    scale = math.sqrt(len(points) * ROW / FILLED / max(wide * high, 1e-3))
    # Points that coincide start in a spiral, or nothing would tell them where to go.
    return [
        (
            x * scale + 0.02 * math.sqrt(at) * math.cos(at * GOLDEN),
            y * scale + 0.02 * math.sqrt(at) * math.sin(at * GOLDEN),
        )
        for at, (x, y) in enumerate(flat)
    ]


def _pushed_apart(home: list[Point]) -> list[Point]:
    now = list(home)
    for _ in range(ROUNDS):
        crowd = _by_square(now)
        moved = []
        for at, (x, y) in enumerate(now):
            dx, dy = HOMESICK * (home[at][0] - x), HOMESICK * (home[at][1] - y)
            for other in _around(crowd, (x, y)):
                gap = math.dist((x, y), now[other])
                if other != at and gap < 1:
                    push = 0.45 * (1 - gap) / max(gap, 1e-6)
                    dx += push * (x - now[other][0])
                    dy += push * (y - now[other][1])
            length = math.hypot(dx, dy)
            brake = min(1.0, 0.5 / length) if length else 0.0
            moved.append((x + dx * brake, y + dy * brake))
        now = moved
    return now


def _by_square(points: list[Point]) -> dict[Cell, list[int]]:
    """Which points lie in each square of side 1, so that only neighbours need be measured."""
    found: dict[Cell, list[int]] = {}
    for at, (x, y) in enumerate(points):
        found.setdefault((math.floor(x), math.floor(y)), []).append(at)
    return found


def _around(crowd: dict[Cell, list[int]], point: Point) -> Iterator[int]:
    column, row = math.floor(point[0]), math.floor(point[1])
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            yield from crowd.get((column + dx, row + dy), ())


def _middle(points: list[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _nearest(point: Point, taken: Mapping[Cell, str]) -> Cell:
    """The nearest cell that is free; the search widens until none beyond it could be nearer."""
    row = round(point[1] / ROW)
    column = round(point[0] - 0.5 * (row & 1))
    reach = 1
    while True:
        around = (
            (q, r)
            for r in range(row - reach, row + reach + 1)
            for q in range(column - reach, column + reach + 1)
            if (q, r) not in taken
        )
        best = min(around, key=lambda cell: (math.dist(point, centre(cell)), cell), default=None)
        if best is not None and math.dist(point, centre(best)) <= (reach - 0.5) * ROW:
            return best
        reach += 1


def centre(cell: Cell) -> Point:
    """Where the middle of a cell of an odd-r map lies, north upwards."""
    return cell[0] + 0.5 * (cell[1] & 1), cell[1] * ROW
