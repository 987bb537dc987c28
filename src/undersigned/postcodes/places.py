"""Roughly where an outward code is: a town, a point, and how far apart two of them lie.

GeoNames through pgeocode, which knows outward codes only: good enough for “signed from Leicester”, for a dot
on a map and for the nearest event; never for choosing an MP, where it would be wrong one time in five.
"""

import asyncio
import contextlib
import logging
import math
import re
import shutil
import tempfile
from collections import Counter
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

from undersigned.postcodes import facts
from undersigned.postcodes.index import Index
from undersigned.postcodes.postcode import Postcode
from undersigned.settings import settings

MILES_IN_A_KILOMETRE: Final = 0.621371
MOST_REMEMBERED: Final = 8192
NEIGHBOURS: Final = 3
MOST_NEAR: Final = 7
MOST_ROWS: Final = 1_000_000
FARTHEST: Final = 50.0
Point = tuple[float, float]
_OUTWARD: Final = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")

log = logging.getLogger(__name__)


class Town(NamedTuple):
    """The middle of an outward code (WGS 84) and what people there would call it; ``county`` may be empty."""

    name: str
    county: str
    latitude: float
    longitude: float


def data_file() -> Path:
    """Where an operator puts GB.txt from GeoNames, as it comes; without it every answer is None."""
    return settings.var / "geonames" / "GB.txt"


def edition() -> str:
    """Words that differ whenever another file is put in the place of this one; empty without any."""
    data = _data()
    return data.version if data else ""


async def town(where: Postcode | str) -> Town | None:
    """The town of a postcode or outward code; the work is done in a thread, for it can take half a second."""
    return await asyncio.to_thread(town_now, where)


async def point_of(postcode: str) -> Point | None:
    """As ``point_now``, in a thread."""
    return await asyncio.to_thread(point_now, postcode)


def point_now(postcode: str) -> Point | None:
    """Where a postcode or its outward code is, roughly; a demo without a gazetteer asks our own facts."""
    outward = postcode.partition(" ")[0].upper()
    here = town_now(outward)
    if here:
        return here.latitude, here.longitude
    return facts.point_of(outward) if settings.demo else None


async def near(postcode: Postcode, index: Index) -> tuple[str, ...]:
    """Constituencies near an outward code that the index does not know, the nearest first; at most seven.

    Those of the three nearest outward codes that it does know; none where nothing can be said.
    """
    return await asyncio.to_thread(_near, postcode.outward, index)


def miles(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two points of latitude and longitude in degrees, reckoned as pgeocode does."""
    (lat, long), (other_lat, other_long) = map(_radians, (one, other))
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_long - long) / 2) ** 2
    return 2 * 6371.009 * math.asin(math.sqrt(min(half, 1.0))) * MILES_IN_A_KILOMETRE


def town_now(where: Postcode | str) -> Town | None:
    """As ``town``, for callers that are in a thread already."""
    outward = where.outward if isinstance(where, Postcode) else where.strip().upper()
    if not _OUTWARD.fullmatch(outward):
        return None
    data = _data()
    return _look_up(data, outward) if data else None


class Row(NamedTuple):
    """One name in one outward code, as GeoNames has it; ``county`` may be empty, ``country`` is England, say."""

    name: str
    county: str
    country: str
    latitude: float
    longitude: float


def rows_now() -> list[Row]:
    """Every row of the file that has a point; none without a file. It takes a quarter of a second."""
    data = _data()
    gazetteer = _gazetteer(data) if data else None
    if gazetteer is None:
        return []
    # An empty name is in every name, so this is all of them; what somebody typed would be read as a pattern.
    found = gazetteer.query_location("", top_k=MOST_ROWS).dropna(subset=["place_name", "latitude", "longitude"])
    columns = found[["place_name", "county_name", "state_name", "latitude", "longitude"]].fillna("")
    return [
        Row(str(name), str(county), str(country), float(latitude), float(longitude))
        for name, county, country, latitude, longitude in columns.itertuples(index=False)
    ]


def _near(outward: str, index: Index) -> tuple[str, ...]:
    here = town_now(outward)
    data = _data()
    if here is None or data is None:
        return ()
    points = _points(data, index.outward_codes)
    far = {code: miles((here.latitude, here.longitude), point) for code, point in points.items()}
    nearest = sorted(far, key=far.__getitem__)[:NEIGHBOURS]
    near = dict.fromkeys(seat for code in nearest if far[code] < FARTHEST for seat in index.candidates(code))
    return tuple(near)[:MOST_NEAR]


def seats_now(index: Index) -> dict[str, tuple[float, float]]:
    """Very roughly where each constituency of the index lies (WGS 84): good for a drawing, and for nothing else.

    From the outward codes that it touches, those where it comes first counting most; each of them where GeoNames
    puts it, else in the middle of its postcode area.
    """
    data = _data()
    known = _points(data, index.outward_codes) if data else {}
    weighed: dict[str, list[tuple[float, float, float]]] = {}
    for outward in index.outward_codes:
        point = known.get(outward) or facts.point_of(outward)
        for rank, seat in enumerate(index.candidates(outward) if point else (), 1):
            weighed.setdefault(seat, []).append((1 / rank**2, *(point or (0.0, 0.0))))
    return {seat: _weighed_middle(points) for seat, points in weighed.items()}


def _weighed_middle(points: list[tuple[float, float, float]]) -> tuple[float, float]:
    whole = sum(weight for weight, _, _ in points)
    return (
        sum(weight * latitude for weight, latitude, _ in points) / whole,
        sum(weight * longitude for weight, _, longitude in points) / whole,
    )


def _radians(point: tuple[float, float]) -> tuple[float, float]:
    return math.radians(point[0]), math.radians(point[1])


class _Data(NamedTuple):
    """One version of the file; a newer one is another, so nothing old is remembered for it."""

    file: Path
    version: str


def _data() -> _Data | None:
    file = data_file()
    with contextlib.suppress(OSError):
        stat = file.stat()
        return _Data(file, f"{stat.st_mtime_ns:x}-{stat.st_size:x}")
    return None


@lru_cache(maxsize=2)
def _points(data: _Data, outward_codes: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """The middle of every outward code that has one."""
    gazetteer = _gazetteer(data)
    if gazetteer is None or not outward_codes:
        return {}
    rows = gazetteer.query_postal_code(list(outward_codes)).dropna(subset=["latitude", "longitude"])
    middles = rows.groupby("postal_code")[["latitude", "longitude"]].mean()
    return {str(code): (float(row.latitude), float(row.longitude)) for code, row in middles.iterrows()}


@lru_cache(maxsize=MOST_REMEMBERED)
def _look_up(data: _Data, outward: str) -> Town | None:
    gazetteer = _gazetteer(data)
    if gazetteer is None:
        return None
    rows = gazetteer.query_postal_code([outward]).dropna(subset=["place_name", "latitude", "longitude"])
    if rows.empty:
        return None
    counties = rows["county_name"].dropna()
    county = "" if counties.empty else str(counties.iloc[0])
    return Town(
        _best_name(data, outward, [str(name) for name in rows["place_name"]], county),
        county,
        round(float(rows["latitude"].mean()), 4),
        round(float(rows["longitude"].mean()), 4),
    )


def _best_name(data: _Data, outward: str, names: list[str], county: str) -> str:
    """Of several villages the one whose name most codes of the area share, for that is likely the town.

    Where no name is shared the county is the better answer: it is at least true of everybody there.
    """
    if len(names) == 1:
        return names[0]
    shared = _names_in_area(data, outward.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").rstrip("0123456789"))
    best = max(names, key=lambda name: shared[name])
    return best if shared[best] > 1 else county or names[0]


@lru_cache(maxsize=256)
def _names_in_area(data: _Data, area: str) -> Counter[str]:
    gazetteer = _gazetteer(data)
    if gazetteer is None:
        return Counter()
    rows = gazetteer.query_postal_code([f"{area}{district}" for district in range(100)])
    return Counter(str(name) for name in rows["place_name"].dropna())


_one_at_a_time = Lock()
_loaded: dict[_Data, Any] = {}


def _gazetteer(data: _Data) -> Any:
    """pgeocode with this file, loaded once a process, or None if it is not a file of GeoNames."""
    with _one_at_a_time:
        if data not in _loaded:
            _loaded.clear()
            _loaded[data] = _load(data)
        return _loaded[data]


def _load(data: _Data) -> Any:
    # pgeocode would fetch what it lacks from the network, and would trust half a cache that another process
    # is still writing. So it is told of our file alone, and writes where nobody else looks yet.
    import pgeocode

    kept = data.file.parent / f"cache-{data.version}"
    fresh = Path(tempfile.mkdtemp(prefix=".cache-", dir=data.file.parent)) if not kept.exists() else kept
    pgeocode.DOWNLOAD_URL = [data.file.as_uri()]
    pgeocode.STORAGE_DIR = str(fresh)
    try:
        gazetteer = pgeocode.Nominatim("GB", unique=False)
        if gazetteer.query_postal_code(["SW1A"])["latitude"].isna().all():
            raise ValueError("no SW1A in it")
    except (ValueError, KeyError, TypeError, OSError) as why:
        log.error("%s cannot be used as a file of places: %s", data.file.name, type(why).__name__)
        shutil.rmtree(fresh, ignore_errors=True)
        return None
    if fresh != kept:
        _keep(fresh, kept)
        pgeocode.STORAGE_DIR = str(kept)
    return gazetteer


def _keep(fresh: Path, kept: Path) -> None:
    """Whoever is first keeps its cache; the others' are the same and are thrown away."""
    try:
        fresh.rename(kept)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
