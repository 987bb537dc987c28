"""A postcode in the shape of postcodes.io, made without asking the database."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from undersigned.kit import database, limits
from undersigned.postcodes import index
from undersigned.postcodes.index import Found
from undersigned.postcodes.postcode import NotAPostcode, Postcode
from undersigned.postcodes.seats import COUNTRY_NAMES

FRESH_FOR: Final = 60.0
LONGEST: Final = 40
KNOCK: Final = 100
"""How many look-ups one visit to Redis allows: it takes longer than a hundred of them."""
KNOCKS: Final = 60
KNOCKS_AN_HOUR: Final = 1_200
MOST_VISITORS: Final = 20_000
DENIED_FOR: Final = 1.0


@dataclass
class _Names:
    """Names and regions by GSS code, read again after a minute or when another release is loaded."""

    until: float = 0.0
    release: str = ""
    of: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class _Visitor:
    """What somebody may still ask of this process before Redis is asked again."""

    left: int = 0
    denied_until: float = 0.0


_names = _Names()
_visitors: dict[str, _Visitor] = {}
_encode = msgspec.json.Encoder().encode


async def answer(text: str) -> tuple[int, bytes]:
    """The status and the body: 200 with a result, 404 when it is not known, retired or not a postcode."""
    try:
        postcode = Postcode.parse(text[:LONGEST])
    except NotAPostcode:
        return 404, _INVALID
    now = index.current()
    row = now.find(postcode)
    if row is None:
        return 404, _UNKNOWN
    if row.terminated:
        return 404, _encode({"status": 404, "error": "Postcode not found", "terminated": _terminated(postcode)})
    if time.monotonic() >= _names.until or _names.release != now.release:
        await _read_names(now.release)
    return 200, _encode({"status": 200, "result": _result(postcode, row)})


_INVALID: Final = b'{"status":404,"error":"Invalid postcode"}'
_UNKNOWN: Final = b'{"status":404,"error":"Postcode not found"}'


async def may_ask(who: str) -> bool:
    """Whether this visitor may look up one more: some 100 a minute for ever, and 6,000 at once.

    Programs on this machine may ask as often as they like.
    """
    if not who or limits.is_this_machine(who):
        return True
    visitor = _visitors.get(who)
    if visitor is None:
        if len(_visitors) >= MOST_VISITORS:
            _visitors.clear()
        visitor = _visitors[who] = _Visitor()
    if visitor.left:
        visitor.left -= 1
        return True
    if time.monotonic() < visitor.denied_until:
        return False
    if not await limits.may("postcodes", who, KNOCKS, KNOCKS_AN_HOUR):
        visitor.denied_until = time.monotonic() + DENIED_FOR
        return False
    visitor.left = KNOCK - 1
    return True


def forget() -> None:
    """Nothing is remembered of names and visitors."""
    _names.until = 0.0
    _visitors.clear()


def _result(postcode: Postcode, row: Found) -> dict[str, Any]:
    name, region = _names.of.get(row.gss_code or "", (None, None))
    return {
        "postcode": str(postcode),
        "quality": None,
        "country": COUNTRY_NAMES.get(row.country or ""),
        "longitude": None,
        "latitude": None,
        "region": region or None,
        "parliamentary_constituency": name,
        "parliamentary_constituency_2024": name,
        "incode": postcode.inward,
        "outcode": postcode.outward,
        "codes": {
            "country": row.country,
            "parliamentary_constituency": row.gss_code,
            "parliamentary_constituency_2024": row.gss_code,
            "pfa": row.police_force_area,
        },
    }


def _terminated(postcode: Postcode) -> dict[str, Any]:
    """That it was retired; when, our index does not hold."""
    return {
        "postcode": str(postcode),
        "year_terminated": None,
        "month_terminated": None,
        "longitude": None,
        "latitude": None,
    }


async def _read_names(release: str) -> None:
    rows = await database.fetch("SELECT gss_code, name, region FROM constituency")
    _names.of = {row["gss_code"]: (row["name"], row["region"]) for row in rows}
    _names.release, _names.until = release, time.monotonic() + FRESH_FOR
