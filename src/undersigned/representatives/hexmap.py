"""A map of hexagons that an operator brings: a cell for each constituency, from a hexjson file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.postcodes import seats as known_seats

LAYOUTS: Final = ("odd-r", "even-r", "odd-q", "even-q")
LARGEST: Final = 5_000_000
FARTHEST: Final = 1_000
Cell = tuple[int, int]


class NotAHexMap(Refused):
    """The file is not a hexjson map of the constituencies; nothing has been changed."""


class HexMap(NamedTuple):
    """A cell, ``(q, r)`` with r growing to the north, for each GSS code; ``layout`` is one of LAYOUTS."""

    layout: str
    cells: dict[str, Cell]


def read(path: Path) -> HexMap:
    """The cells of a hexjson file; the names and colours in it are left alone. Raises NotAHexMap."""
    told = _parsed(path)
    if not isinstance(told, dict) or not isinstance(told.get("hexes"), dict) or not told["hexes"]:
        raise NotAHexMap(f"{path.name} is not hexjson: it has no hexes.")
    if told.get("layout") not in LAYOUTS:
        raise NotAHexMap(f"{path.name} has no layout that we know; it may be {', '.join(LAYOUTS)}.")
    cells: dict[str, Cell] = {}
    for given, hexagon in told["hexes"].items():
        code = _code(given)
        if code in cells:
            raise NotAHexMap(f"{path.name} has {code} twice.")
        cells[code] = _cell(given, hexagon)
    _check_apart(cells)
    return HexMap(told["layout"], cells)


async def store(found: HexMap) -> None:
    """Draw maps by this from now on, on every web node."""
    await database.execute(
        """INSERT INTO hex_map (id, layout, cells, loaded_at) VALUES (1, $1, $2, $3)
           ON CONFLICT (id) DO UPDATE SET layout = excluded.layout, cells = excluded.cells,
               loaded_at = excluded.loaded_at""",
        found.layout,
        json.dumps(found.cells),
        datetime.now(UTC),
    )


async def forget() -> bool:
    """Go back to a map of our own making; whether there was another."""
    return bool(await database.fetch("DELETE FROM hex_map RETURNING id"))


async def loaded() -> HexMap | None:
    """The map that was brought, if one was."""
    row = await database.fetch_one("SELECT layout, cells FROM hex_map WHERE id = 1")
    if row is None:
        return None
    return HexMap(row["layout"], {code: (q, r) for code, (q, r) in json.loads(row["cells"]).items()})


def _parsed(path: Path) -> Any:
    try:
        content = path.read_bytes()
        if len(content) > LARGEST:
            raise NotAHexMap(f"{path.name} is far too large for a map.")
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except OSError as why:
        raise NotAHexMap(f"{path} cannot be read: {why.strerror}.") from None
    except (ValueError, RecursionError):
        raise NotAHexMap(f"{path.name} cannot be read as JSON.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a name that it has twice would lose the first in silence."""
    told: dict[str, Any] = {}
    for name, value in pairs:
        if name in told:
            raise NotAHexMap(f"{name[:20]!r} stands twice in one place of that file.")
        told[name] = value
    return told


def _code(given: str) -> str:
    if known_seats.is_of_2010(given):
        raise NotAHexMap(f"{given} is a constituency that ended in 2024; bring a map of those of today.")
    code = known_seats.current_code(given)
    if code is None:
        raise NotAHexMap(f"There is no constituency with the code {given[:20]!r}.")
    return code


def _cell(code: str, hexagon: Any) -> Cell:
    told = hexagon if isinstance(hexagon, dict) else {}
    q, r = told.get("q"), told.get("r")
    # True is a number to Python, and to nobody else.
    if type(q) is not int or type(r) is not int or max(abs(q), abs(r)) > FARTHEST:
        raise NotAHexMap(f"{code} has no whole numbers for q and r.")
    return q, r


def _check_apart(cells: dict[str, Cell]) -> None:
    taken: dict[Cell, str] = {}
    for code, cell in cells.items():
        if cell in taken:
            raise NotAHexMap(f"{taken[cell]} and {code} are on one cell, q {cell[0]} and r {cell[1]}.")
        taken[cell] = code
