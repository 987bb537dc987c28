"""From the name of a town to where it is, out of the same file of places."""

import asyncio
import difflib
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

from undersigned.postcodes import facts, places
from undersigned.postcodes.places import Point, Row
from undersigned.settings import settings

ONE_TOWN: Final = 15.0
"""Miles within which two counties that have a name mean the same town: Edinburgh lies in three."""
FAR_BETTER_KNOWN: Final = 5
MOST_CHOICES: Final = 12
JOINTS: Final = ("upon", "under", "on", "by", "super", "le", "in")
"""What people leave away with all that follows it: Newcastle, Stoke, Weston."""
LIKENESS: Final = 0.75
MOST_LIKE: Final = 3


class Town(NamedTuple):
    """A town and its middle (WGS 84); ``county`` tells it from others of its name, and may be empty."""

    name: str
    county: str
    point: Point


async def find(typed: str) -> list[Town]:
    """The towns that somebody may mean by “Newport” or “Newport, Shropshire”, the best known first.

    One alone where it is clear; none where the name is not known, or there is no file of places.
    """
    return await asyncio.to_thread(find_now, typed)


async def like(typed: str) -> list[str]:
    """Names that are spelt nearly so, the nearest first; at most three."""
    return await asyncio.to_thread(_like, typed)


def find_now(typed: str) -> list[Town]:
    """As ``find``, for callers that are in a thread already."""
    name, _, county = (plain(part) for part in typed.partition(","))
    known = _by_name(*_which_file())
    longer = tuple(f"{name} {joint} " for joint in JOINTS)
    rows = known.get(name, []) + [row for other in known if other.startswith(longer) for row in known[other]]
    found = _told_apart(rows)
    if county:
        return [town for town, _ in found if plain(town.county) == county][:1]
    if len(found) > 1 and found[0][1] >= FAR_BETTER_KNOWN * found[1][1]:
        found = found[:1]
    return [town for town, _ in found[:MOST_CHOICES]]


def plain(name: str) -> str:
    """A name for comparing: “St. Alban's”, “Saint Albans” and “ST ALBANS” are one."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = re.sub(r"[\u0300-\u036f'’`.]", "", folded)
    words = re.sub(r"[^a-z0-9]+", " ", letters.replace("&", " and ")).split()
    return " ".join("st" if word == "saint" else word for word in words)


def _like(typed: str) -> list[str]:
    name = plain(typed.partition(",")[0])
    known = _by_name(*_which_file())
    # A slip is seldom in the first letter, and comparing with all names would take twenty times as long.
    near = [other for other in known if other[:1] == name[:1] and abs(len(other) - len(name)) <= MOST_LIKE]
    return [known[other][0].name for other in difflib.get_close_matches(name, near, MOST_LIKE, LIKENESS)]


def _told_apart(rows: list[Row]) -> list[tuple[Town, int]]:
    """One for each county, with how many outward codes it has there; counties near one another are one town."""
    apart: list[tuple[Town, int]] = []
    for which, codes in Counter(map(_which, rows)).most_common():
        there = [row for row in rows if _which(row) == which]
        town = Town(there[0].name, which[1], _middle(there))
        if all(places.miles(town.point, other.point) > ONE_TOWN for other, _ in apart):
            apart.append((town, codes))
    return apart


def _which(row: Row) -> tuple[str, str]:
    return plain(row.name), row.county or row.country


def _middle(rows: list[Row]) -> Point:
    return sum(row.latitude for row in rows) / len(rows), sum(row.longitude for row in rows) / len(rows)


def _which_file() -> tuple[str, bool]:
    return places.edition(), settings.demo


@lru_cache(maxsize=2)
def _by_name(edition: str, demo: bool) -> dict[str, list[Row]]:
    """Every row by its plain name; a demo without a file knows the towns of our own facts."""
    rows = places.rows_now() if edition else []
    if not rows and demo:
        rows = [Row(one.town, "", "", one.latitude, one.longitude) for one in facts.BUILDINGS]
    named: dict[str, list[Row]] = {}
    for row in rows:
        named.setdefault(plain(row.name), []).append(row)
    return named
