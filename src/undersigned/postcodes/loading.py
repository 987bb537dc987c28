"""Load a release of the postcodes: read, check, and only then put it in place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from undersigned.postcodes import checks, index, packing
from undersigned.postcodes.index import OGL_LINES, Index, IndexDamaged
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import NotAPostcode, Postcode
from undersigned.postcodes.reading import Progress, Row, Source, opened
from undersigned.postcodes.seats import country_of, current_code, means_no_seat

NI_LINE: Final = (
    "Northern Ireland postcodes are used under the Northern Ireland End User Licence, for internal business "
    "use; commercial use needs a licence from Land & Property Services."
)
LONGEST_RELEASE: Final = 40
"""Every signature notes the release that placed it, and its column is so wide."""
_GSS: Final = re.compile(r"[A-Z][0-9]{8}")


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``changed`` is a share between 0 and 1 of the answers that were in use before."""

    release: str
    rows: int
    live: int
    seats: int
    without_seat: int
    ni_left_out: int
    unreadable: int
    changed: float
    size: int
    licence: tuple[str, ...]


@dataclass
class _Tally:
    """Rows that were read and what was odd about them."""

    rows: int = 0
    without_seat: int = 0
    ni_left_out: int = 0
    unreadable: int = 0


def load(
    source: Path,
    target: Path | None = None,
    *,
    with_ni: bool = False,
    force: bool = False,
    release: str | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Make ``target`` (the installation's own index unless told) from an ONSPD, an NSPL or a plain list.

    Northern Ireland is left out unless asked for, because its licence is narrower. ``force`` lets through a
    release that changes many answers, and nothing else. Raises a Refused of one line, and changes nothing,
    when the file is not what it should be.
    """
    target = target or index.path()
    packer, tally = Packer(), _Tally()
    with opened(source, progress) as file:
        _fill(packer, tally, file.rows, with_ni)
    checks.rows_are_postcodes(tally.unreadable, tally.rows)
    checks.seats_are_given(tally.without_seat, tally.rows)
    checks.seats_are_complete(packer.seats(), with_ni)
    checks.facts_hold(packer, with_ni)
    former = _former(target)
    changed = checks.share_changed(former, packer, with_ni)
    if not force:
        checks.little_changed(changed, former)
    packing.replace(target, packer.pack((release or _release(file))[:LONGEST_RELEASE], _licence(file, with_ni)))
    index.look_again()
    return _loaded(target, tally, changed)


def _fill(packer: Packer, tally: _Tally, rows: Iterator[Row], with_ni: bool) -> None:
    # Two small memories keep the work for each of three million rows to a few look-ups.
    outwards: dict[str, str] = {}
    numbers: dict[tuple[str, str, str, bool], int] = {}
    for line, (code, seat, country, police, terminated, exact) in enumerate(rows, 2):
        if code.startswith("BT") and not with_ni:
            tally.ni_left_out += 1
            continue
        tally.rows += 1
        outward = outwards.get(code[:-3]) or _learn(outwards, code)
        key = (seat, country, police, exact)
        number = numbers.get(key)
        if number is None:
            number = numbers[key] = packer.number(_spot(*key, line))
        if not outward or not packer.add(outward, code[-3:], number, terminated):
            tally.unreadable += not _add_carefully(packer, code, number, terminated)
        if not seat or seat.endswith("9" * 8):
            tally.without_seat += 1


def _learn(outwards: dict[str, str], code: str) -> str | None:
    try:
        outwards[code[:-3]] = outward = Postcode.parse(code).outward
    except NotAPostcode:
        return None
    return outward


def _add_carefully(packer: Packer, code: str, number: int, terminated: bool) -> bool:
    """For a row that is not written as the ONS writes it; False when it is no postcode at all."""
    try:
        postcode = Postcode.parse(code)
    except NotAPostcode:
        return False
    return packer.add(postcode.outward, postcode.inward, number, terminated)


def _spot(seat: str, country: str, police: str, exact: bool, line: int) -> Spot:
    gss_code = None if means_no_seat(seat) else current_code(seat)
    if gss_code is None and not means_no_seat(seat):
        raise checks.unknown_seat(seat, line)
    where = _area_code(country) or (country_of(gss_code) if gss_code else None)
    return Spot(gss_code, where, _area_code(police), exact)


def _area_code(code: str) -> str | None:
    """A GSS code that stands for somewhere, or None."""
    return code if _GSS.fullmatch(code) and not means_no_seat(code) else None


def _former(target: Path) -> Index:
    try:
        return Index.open(target)
    except (FileNotFoundError, IndexDamaged):
        return Index.empty()


def _release(file: Source) -> str:
    ons = file.ons_release
    return "{} {} {}".format(*ons) if ons else file.name[:LONGEST_RELEASE]


def _licence(file: Source, with_ni: bool) -> list[str]:
    """The lines to show beside the answers; the source of a plain list is for its operator to know."""
    if not (ons := file.ons_release):
        return []
    return [line.format(year=ons[2]) for line in OGL_LINES] + ([NI_LINE] if with_ni else [])


def _loaded(target: Path, tally: _Tally, changed: float) -> Loaded:
    made = Index.open(target)
    return Loaded(
        release=made.release,
        rows=made.rows,
        live=made.live,
        seats=len(made.seats),
        without_seat=tally.without_seat,
        ni_left_out=tally.ni_left_out,
        unreadable=tally.unreadable,
        changed=changed,
        size=target.stat().st_size,
        licence=made.licence,
    )
