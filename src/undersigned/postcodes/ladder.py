"""From what a person typed to the best answer we can honestly give."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from undersigned.postcodes.index import Index, current
from undersigned.postcodes.postcode import OVERSEAS_TERRITORIES, Kind, Postcode, kind_of
from undersigned.postcodes.seats import SEATS_IN_NORTHERN_IRELAND, country_of

UNITED_KINGDOM: Final = frozenset({"", "GB", "UK"})
CROWN_DEPENDENCY_OF: Final = {"JE": "JE", "GY": "GG", "IM": "IM"}
"""Postcode area to ISO 3166 country, which differ for Guernsey."""


class Match(StrEnum):
    """How sure we are, from the top of the ladder to the bottom."""

    EXACT = "exact"
    ESTIMATED = "estimated"
    CHOOSE = "choose"
    CROWN_DEPENDENCY = "crown_dependency"
    BFPO = "bfpo"
    OVERSEAS = "overseas"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person lives, as far as we know.

    ``country`` is an ISO 3166 code, put right by the postcode; ``nation`` and ``police_force_area`` are GSS
    codes. ``gss_code`` is set for exact and estimated answers, ``candidates`` where the person should choose.
    ``terminated`` says that Royal Mail has retired the postcode; the answer holds all the same.
    """

    match: Match
    country: str = "GB"
    gss_code: str | None = None
    candidates: tuple[str, ...] = ()
    nation: str | None = None
    police_force_area: str | None = None
    release: str = ""
    terminated: bool = False


def place(postcode: str | Postcode, country: str | None = "GB", index: Index | None = None) -> Place:
    """The highest rung that holds for this postcode; asks the index in use unless given another.

    Outside the United Kingdom the postcode is not read at all. Raises NotAPostcode for text that is none.
    """
    index = current() if index is None else index
    home = (country or "").strip().upper()
    if home not in UNITED_KINGDOM:
        return _abroad(home, index.release)
    known = Postcode.parse(postcode)
    match kind_of(known):
        case Kind.CROWN_DEPENDENCY:
            return Place(Match.CROWN_DEPENDENCY, CROWN_DEPENDENCY_OF[known.area], release=index.release)
        case Kind.BFPO:
            return Place(Match.BFPO, release=index.release)
        case Kind.OVERSEAS:
            return Place(Match.OVERSEAS, OVERSEAS_TERRITORIES[known.area], release=index.release)
    return _at_home(known, index)


def _abroad(country: str, release: str) -> Place:
    crown = country in CROWN_DEPENDENCY_OF.values()
    return Place(Match.CROWN_DEPENDENCY if crown else Match.OVERSEAS, country, release=release)


def _at_home(postcode: Postcode, index: Index) -> Place:
    row = index.find(postcode)
    found = row or index.estimate(postcode)
    if found and found.gss_code:
        return Place(
            Match.EXACT if found.exact else Match.ESTIMATED,
            gss_code=found.gss_code,
            nation=found.country or country_of(found.gss_code),
            police_force_area=found.police_force_area,
            release=index.release,
            terminated=row is not None and row.terminated,
        )
    # A PO box has a row and no seat: its neighbours say little of where its owner lives, so we ask.
    candidates = _candidates(postcode, index)
    return Place(
        Match.CHOOSE if candidates else Match.UNKNOWN,
        candidates=candidates,
        nation=row.country if row else None,
        police_force_area=row.police_force_area if row else None,
        release=index.release,
    )


def _candidates(postcode: Postcode, index: Index) -> tuple[str, ...]:
    """Those of the outward code; without the postcodes of Northern Ireland, its eighteen seats."""
    if candidates := index.candidates(postcode.outward):
        return candidates
    return tuple(sorted(SEATS_IN_NORTHERN_IRELAND)) if postcode.area == "BT" else ()
