"""What must be true of a new release before it replaces the old one."""

from collections.abc import Iterator
from typing import Final

from undersigned.kit.errors import Refused
from undersigned.postcodes.facts import BUILDINGS, DEMO_RELEASE
from undersigned.postcodes.index import Index
from undersigned.postcodes.packing import Packer
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import SEATS, SEATS_IN_BRITAIN, is_of_2010

MOST_WITHOUT_SEAT: Final = 0.05
MOST_CHANGED: Final = 0.02
MOST_UNREADABLE: Final = 0.001
ODD_ROWS_ALLOWED: Final = 3
MOST_FACTS_ABSENT: Final = 0.10

KNOWN_ANSWERS: Final = {
    **{str(building.postcode): building.gss_code for building in BUILDINGS},
    "CF99 1NA": "W07000091",  # The Senedd's first postcode: terminated in 2020, and still typed.
    "SW9 9SZ": "E14001175",  # This and the next were once given their seats of 2010 in a file of 2024.
    "PH12 8TG": "S14000065",
    "KA18 4AB": "S14000107",  # These five seats were given new codes in 2025.
    "TD10 6AB": "S14000108",
    "KA10 7AA": "S14000109",
    "KA1 1AD": "S14000110",
    "AB31 4AA": "S14000111",
}


class NotThePostcodes(Refused):
    """The column of postcodes holds something else, or nothing."""


class NotTheKnownSeats(Refused):
    """The file speaks of constituencies other than the 650 of 2024."""


class FactsContradicted(Refused):
    """The file is wrong about, or lacks, buildings whose constituency everybody can check."""


class TooMuchChanged(Refused):
    """The answers differ so much from those in use that a person should look first."""


def rows_are_postcodes(unreadable: int, rows: int) -> None:
    """Every directory has an odd row or two; many of them, or no rows at all, mean another kind of file."""
    if not rows:
        raise NotThePostcodes("There are no postcodes in this file.")
    if unreadable > ODD_ROWS_ALLOWED + rows * MOST_UNREADABLE:
        raise NotThePostcodes(f"{unreadable:,} of {rows:,} rows do not begin with a UK postcode.")


def unknown_seat(code: str, line: int) -> NotTheKnownSeats:
    """The refusal for a code that is no seat, telling an old file from a wrong one."""
    if is_of_2010(code):
        return NotTheKnownSeats(
            f"Line {line:,} has {code}, a constituency of 2010. A file with those of 2024 is needed."
        )
    return NotTheKnownSeats(f"Line {line:,} has {code[:20]!r} where a constituency of 2024 should stand.")


def seats_are_complete(seats: set[str], with_ni: bool) -> None:
    """Every seat in Britain must occur; those of Northern Ireland must when they were asked for."""
    wanted = SEATS if with_ni else SEATS_IN_BRITAIN
    if absent := sorted(wanted - seats):
        hint = " It may hold no Northern Ireland postcodes." if absent[0].startswith("N") else ""
        raise NotTheKnownSeats(
            f"{len(absent)} of {len(wanted)} constituencies have no postcode here, {absent[0]} first.{hint}"
        )


def seats_are_given(without: int, rows: int) -> None:
    """Nearly every postcode has a constituency; a file where many have none is not whole."""
    if without > rows * MOST_WITHOUT_SEAT:
        raise NotTheKnownSeats(f"{without:,} of {rows:,} postcodes have no constituency. That cannot be right.")


def facts_hold(packer: Packer, with_ni: bool) -> None:
    """No known building may be in another seat, and hardly any may be absent."""
    asked = {code: seat for code, seat in KNOWN_ANSWERS.items() if with_ni or not code.startswith("BT")}
    absent = 0
    for code, seat in asked.items():
        postcode = Postcode.parse(code)
        got = packer.seat_of(postcode.outward, postcode.inward)
        absent += got is None
        if got not in {None, seat}:
            raise FactsContradicted(f"This file puts {code} in {got}; it is in {seat}. Nothing was changed.")
    if absent > len(asked) * MOST_FACTS_ABSENT:
        raise FactsContradicted(
            f"{absent} of {len(asked)} well-known postcodes are absent: this is not the whole country."
        )


def share_changed(former: Index, packer: Packer, with_ni: bool) -> float:
    """The share of postcodes in use whose constituency would become another, or none.

    Northern Ireland is left out when it is not being loaded, for that is a decision and not a fault; so
    is the demo, which was never more than a handful.
    """
    if not former.rows or former.release == DEMO_RELEASE:
        return 0.0
    asked = changed = 0
    for before, after in _pairs(former, packer, with_ni):
        asked += 1
        changed += before != after
    return changed / asked if asked else 0.0


def _pairs(former: Index, packer: Packer, with_ni: bool) -> Iterator[tuple[str, str | None]]:
    for outward, digit, cells in former.sectors():
        if outward.startswith("BT") and not with_ni:
            continue
        seats = packer.seats_in(outward, digit)
        for found, after in zip(cells, seats, strict=True):
            if found and found.gss_code:
                yield found.gss_code, after


def little_changed(share: float, former: Index) -> None:
    """More than one answer in fifty changed means a mistake, or new boundaries."""
    if share > MOST_CHANGED:
        raise TooMuchChanged(
            f"{share:.1%} of the answers of {former.release} would change, where at most {MOST_CHANGED:.0%} "
            "is likely. Nothing was changed; use --force if that is right."
        )
