"""Rows in, the bytes of an index out."""

import json
import os
import secrets
import struct
import zlib
from array import array
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from undersigned.kit.errors import Refused
from undersigned.postcodes.index import CELL_OF, CELLS, FRONT, MAGIC, OFFSETS, SECTOR

MOST_PLACES_IN_A_SECTOR = 127
MOST_PLACES = 30_000


class TooManySeats(Refused):
    """One sector lies in more constituencies than can be true."""


class Spot(NamedTuple):
    """Where a postcode lies, as GSS codes; ``exact`` is False where the source itself only estimates."""

    gss_code: str | None
    country: str | None
    police_force_area: str | None
    exact: bool = True


class Packer:
    """Collects postcodes in any order, about 20 MB for the whole country, and packs them at the end."""

    def __init__(self) -> None:
        self._spots: dict[Spot, int] = {}
        self._sectors: dict[str, list[array[int] | None]] = {}

    def number(self, spot: Spot) -> int:
        """The small number that stands for this spot in ``add``."""
        if len(self._spots) > MOST_PLACES:
            raise TooManySeats(f"The file names more than {MOST_PLACES:,} places. That cannot be right.")
        return self._spots.setdefault(spot, len(self._spots))

    def add(self, outward: str, inward: str, number: int, terminated: bool) -> bool:
        """Put one postcode in; False if the inward code is impossible.

        Of two rows for one postcode the live one counts, and of two alike the later.
        """
        cell_of = CELL_OF.get(inward)
        if cell_of is None:
            return False
        sectors = self._sectors.get(outward)
        if sectors is None:
            sectors = self._sectors[outward] = [None] * 10
        cells = sectors[cell_of[0]]
        if cells is None:
            cells = sectors[cell_of[0]] = array("H", bytes(2 * CELLS))
        before = cells[cell_of[1]]
        if not terminated or not before or not before & 1:
            cells[cell_of[1]] = number * 2 + 1 + terminated
        return True

    def seats(self) -> set[str]:
        """Every constituency that some postcode put in lies in."""
        return {spot.gss_code for spot in self._spots if spot.gss_code}

    def seat_of(self, outward: str, inward: str) -> str | None:
        """The constituency of a postcode put in, or None."""
        found = CELL_OF.get(inward)
        return None if found is None else self.seats_in(outward, found[0])[found[1]]

    def seats_in(self, outward: str, digit: int) -> list[str | None]:
        """The constituencies of a sector's 400 cells, None where there is no postcode or no seat."""
        cells = self._sectors.get(outward, [None] * 10)[digit]
        if cells is None:
            return [None] * CELLS
        seats = [spot.gss_code for spot in self._spots]
        return [seats[value - 1 >> 1] if value else None for value in cells]

    def pack(self, release: str, licence: list[str]) -> bytes:
        """The whole file; raises TooManySeats for a sector no country could have."""
        spots = list(self._spots)
        seats = sorted(self.seats())
        sheet = _Sheet(spots, {seat: number for number, seat in enumerate(seats)})
        for outward in sorted(self._sectors):
            sheet.add(outward, self._sectors[outward])
        heading = {
            "release": release,
            "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "licence": licence,
            "has_ni": any(seat.startswith("N") for seat in seats),
            "rows": sheet.rows,
            "live": sum(sheet.live.values()),
            "coverage": dict(sorted(sheet.live.items())),
            "seats": seats,
            "places": [list(spot) for spot in spots],
            "outward": sorted(self._sectors),
            "candidates": sheet.candidates,
        }
        return _file(heading, sheet)


class _Sheet:
    """The packed part while it grows."""

    def __init__(self, spots: list[Spot], seat_numbers: dict[str, int]) -> None:
        self.seats = [seat_numbers[spot.gss_code] if spot.gss_code else None for spot in spots]
        self.countries = [spot.country or "" for spot in spots]
        self.offsets: list[tuple[int, ...]] = []
        self.candidates: list[list[int]] = []
        self.blob = bytearray()
        self.rows = 0
        self.live: Counter[str] = Counter()

    def add(self, outward: str, sectors: list["array[int] | None"]) -> None:
        counts: Counter[int] = Counter()
        offsets = []
        for cells in sectors:
            offsets.append(len(self.blob) + 1 if cells else 0)
            if cells:
                here = Counter(cells)
                del here[0]
                counts += here
                self.blob += self._sector(outward, cells, here)
        self.offsets.append(tuple(offsets))
        self.rows += counts.total()
        for value, many in counts.items():
            if value & 1:
                self.live[self.countries[value - 1 >> 1]] += many
        self.candidates.append(self._candidates(counts))

    def _candidates(self, counts: Counter[int]) -> list[int]:
        """Seats by how many live postcodes they have; terminated ones speak only where nothing lives."""
        live, gone = Counter[int](), Counter[int]()
        for value, many in counts.items():
            seat = self.seats[value - 1 >> 1]
            if seat is not None:
                (live if value & 1 else gone)[seat] += many
        return sorted(live or gone, key=lambda seat: (-(live or gone)[seat], seat))

    def _sector(self, outward: str, cells: "array[int]", counts: Counter[int]) -> bytes:
        palette = sorted({value - 1 >> 1 for value in counts})
        if len(palette) > MOST_PLACES_IN_A_SECTOR:
            raise TooManySeats(f"One sector of {outward} lies in {len(palette)} places. That cannot be right.")
        bits = 2 if len(palette) == 1 else 4 if len(palette) <= 7 else 8
        front = SECTOR.pack(bits, len(palette), self._only(counts))
        return front + struct.pack(f"<{len(palette)}H", *palette) + _packed(cells, palette, bits)

    def _only(self, counts: Counter[int]) -> int:
        """One more than the commonest spot of a sector whose live rows all share a seat, or 0."""
        live = {
            value: many for value, many in counts.items() if value & 1 and self.seats[value - 1 >> 1] is not None
        }
        if len({self.seats[value - 1 >> 1] for value in live}) != 1:
            return 0
        return (max(live, key=lambda value: live[value]) - 1 >> 1) + 1


def _packed(cells: "array[int]", palette: list[int], bits: int) -> bytes:
    small = {0: 0}
    for position, number in enumerate(palette):
        small[number * 2 + 1] = position * 2 + 1
        small[number * 2 + 2] = position * 2 + 2
    values = [small[value] for value in cells]
    each = 8 // bits
    return bytes(
        sum(value << shift * bits for shift, value in enumerate(values[at : at + each]))
        for at in range(0, CELLS, each)
    )


def _file(heading: dict[str, object], sheet: _Sheet) -> bytes:
    text = json.dumps(heading, separators=(",", ":")).encode()
    first = OFFSETS.size * len(sheet.offsets)
    table = b"".join(
        # An offset of 0 means “no such sector”, so the sheet counts from one.
        OFFSETS.pack(*(offset and first + offset - 1 for offset in row))
        for row in sheet.offsets
    )
    rest = struct.pack("<I", len(text)) + text + table + sheet.blob
    return FRONT.pack(MAGIC, zlib.crc32(rest), len(text)) + rest[4:]


def replace(target: Path, content: bytes) -> None:
    """Put the file in place in one step, safe on disk; a crash leaves the old one or the new one whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
