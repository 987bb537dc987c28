"""The index: a small memory-mapped file that knows the constituency of every postcode.

Layout, little-endian: magic (8 bytes), CRC-32 of all after it (4), length of the heading (4), the heading
(JSON), ten 4-byte offsets for each outward code (one a sector, counted from the start of the offsets, 0 for
no such sector), then the sectors. A sector is: bits in a cell (1 byte: 2, 4 or 8), length of its palette (1),
one more than the spot that stands for it if its live rows share a seat, or 0 (2), the palette (2 each), and
400 cells, lowest bits first. A cell is 0 for no postcode, else 1 + 2 x its place in the palette, and one more
if terminated.
"""

import contextlib
import json
import logging
import mmap
import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from undersigned.kit.errors import Refused
from undersigned.postcodes.postcode import INWARD_LETTERS, Postcode
from undersigned.settings import settings

MAGIC: Final = b"UNDSPC\x01\n"
FRONT: Final = struct.Struct("<8sII")
OFFSETS: Final = struct.Struct("<10I")
SECTOR: Final = struct.Struct("<BBH")
CELLS: Final = 400
FILE_NAME: Final = "postcodes.index"
SECONDS_BETWEEN_LOOKS: Final = 60.0

OGL_LINES: Final = (
    "Contains OS data © Crown copyright and database right {year}.",
    "Contains Royal Mail data © Royal Mail copyright and database right {year}.",
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0.",
)
"""What the Open Government Licence asks us to show wherever postcodes of Great Britain are used."""

CELL_OF: Final = {
    f"{digit}{first}{second}": (digit, row * 20 + column)
    for digit in range(10)
    for row, first in enumerate(INWARD_LETTERS)
    for column, second in enumerate(INWARD_LETTERS)
}
"""Where each of the 4,000 inward codes lies: its sector and its cell."""
_LETTERS_OF: Final = [first + second for first in INWARD_LETTERS for second in INWARD_LETTERS]
_OFFSET: Final = struct.Struct("<I").unpack_from

log = logging.getLogger(__name__)


class IndexDamaged(Refused):
    """The index file is not one, or not whole; loading the postcodes again puts it right."""


class Found(NamedTuple):
    """What is known of one postcode; ``country`` and ``police_force_area`` are GSS codes.

    ``gss_code`` is None for a postcode that has no constituency: a Crown dependency, some PO boxes.
    """

    gss_code: str | None
    country: str | None
    police_force_area: str | None
    terminated: bool
    exact: bool


class Index:
    """One release of the postcodes, never changed once open; safe to share between threads."""

    def __init__(self, heading: dict[str, Any], body: "mmap.mmap | bytes", start: int) -> None:
        self.release: str = heading["release"]
        self.built_at: str = heading["built_at"]
        self.licence: tuple[str, ...] = tuple(heading["licence"])
        self.has_ni: bool = heading["has_ni"]
        self.rows: int = heading["rows"]
        self.live: int = heading["live"]
        self.coverage: dict[str, int] = heading["coverage"]
        self.seats: tuple[str, ...] = tuple(heading["seats"])
        self._heading = {key: value for key, value in heading.items() if key != "built_at"}
        self._body = body
        self._start = start
        self._sectors_at = {code: start + OFFSETS.size * row for row, code in enumerate(heading["outward"])}
        self._candidates: list[list[int]] = heading["candidates"]
        self._found: list[Found] = [
            Found(gss_code, country, police_force_area, terminated, bool(exact))
            for gss_code, country, police_force_area, exact in heading["places"]
            for terminated in (False, True)
        ]

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map the file; raises IndexDamaged unless it is whole, FileNotFoundError if there is none."""
        with path.open("rb") as file:
            try:
                body = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:
                raise IndexDamaged("The postcode index is empty. Load the postcodes again.") from None
        heading, start = _heading(body)
        return cls(heading, body, start)

    @classmethod
    def empty(cls) -> Self:
        """An index that knows nothing and answers None; its release is the empty string."""
        lists = dict[str, Any]((key, []) for key in ("licence", "seats", "outward", "candidates", "places"))
        words = {"release": "", "built_at": "", "has_ni": False, "rows": 0, "live": 0, "coverage": {}}
        return cls(lists | words, b"", 0)

    def __len__(self) -> int:
        return self.rows

    @cached_property
    def edition(self) -> str:
        """Eight letters that differ whenever any answer does; the same wherever the same file was loaded."""
        heading = zlib.crc32(json.dumps(self._heading, sort_keys=True).encode())
        with memoryview(self._body) as view:
            return f"{zlib.crc32(view[self._start :], heading):08x}"

    @property
    def outward_codes(self) -> tuple[str, ...]:
        """Every outward code in the index, in order."""
        return tuple(self._sectors_at)

    def find(self, postcode: Postcode) -> Found | None:
        """The answer for a postcode in the index, terminated ones too; None for one that is not."""
        cell_of = CELL_OF.get(postcode.inward)
        sectors_at = self._sectors_at.get(postcode.outward)
        if cell_of is None or sectors_at is None:
            return None
        digit, cell = cell_of
        body = self._body
        offset: int = _OFFSET(body, sectors_at + 4 * digit)[0]
        if not offset:
            return None
        at = self._start + offset
        bits = body[at]
        cells_at = at + 4 + 2 * body[at + 1]
        position = cell * bits
        value = (body[cells_at + (position >> 3)] >> (position & 7)) & ((1 << bits) - 1)
        if not value:
            return None
        value -= 1
        palette_at = at + 4 + (value & ~1)
        return self._found[(body[palette_at] | body[palette_at + 1] << 8) * 2 + (value & 1)]

    def candidates(self, outward: str) -> tuple[str, ...]:
        """The constituencies an outward code touches, the one with most live postcodes first."""
        sectors_at = self._sectors_at.get(outward)
        if sectors_at is None:
            return ()
        row = (sectors_at - self._start) // OFFSETS.size
        return tuple(self.seats[seat] for seat in self._candidates[row])

    def estimate(self, postcode: Postcode) -> Found | None:
        """What holds for every live postcode of this sector, so very likely for this one, or None.

        Their constituency is the same; of their police force areas it is the commonest.
        """
        cell_of = CELL_OF.get(postcode.inward)
        sectors_at = self._sectors_at.get(postcode.outward)
        if cell_of is None or sectors_at is None:
            return None
        offset: int = _OFFSET(self._body, sectors_at + 4 * cell_of[0])[0]
        if not offset:
            return None
        only = SECTOR.unpack_from(self._body, self._start + offset)[2]
        return self._found[only * 2 - 2]._replace(exact=False) if only else None

    def sectors(self) -> Iterator[tuple[str, int, list[Found | None]]]:
        """Every sector as its outward code, its digit and its 400 answers, in the order of CELL_OF."""
        for outward, sectors_at in self._sectors_at.items():
            for digit, offset in enumerate(OFFSETS.unpack_from(self._body, sectors_at)):
                if offset:
                    yield outward, digit, self._cells(self._start + offset)

    def __iter__(self) -> Iterator[tuple[Postcode, Found]]:
        for outward, digit, cells in self.sectors():
            for letters, found in zip(_LETTERS_OF, cells, strict=True):
                if found:
                    yield Postcode(outward, f"{digit}{letters}"), found

    def _cells(self, at: int) -> list[Found | None]:
        bits, length, _only = SECTOR.unpack_from(self._body, at)
        palette = struct.unpack_from(f"<{length}H", self._body, at + 4)
        answers: list[Found | None] = [None]
        answers += [self._found[place * 2 + terminated] for place in palette for terminated in (0, 1)]
        packed = self._body[at + 4 + 2 * length : at + 4 + 2 * length + CELLS * bits // 8]
        mask = (1 << bits) - 1
        return [answers[byte >> shift & mask] for byte in packed for shift in range(0, 8, bits)]


def _heading(body: mmap.mmap) -> tuple[dict[str, Any], int]:
    if len(body) < FRONT.size or body[:8] != MAGIC:
        raise IndexDamaged("This is not a postcode index of this version. Load the postcodes again.")
    _magic, checksum, length = FRONT.unpack_from(body)
    with memoryview(body) as view:
        if zlib.crc32(view[12:]) != checksum:
            raise IndexDamaged("The postcode index is damaged. Load the postcodes again.")
    return json.loads(body[FRONT.size : FRONT.size + length]), FRONT.size + length


@dataclass(frozen=True, slots=True)
class _Held:
    """The index in use, the file it came from, and when that is next worth a look."""

    var: Path | None
    look_at: float
    signature: tuple[int, int, int] | None
    index: Index


_held = _Held(None, 0.0, None, Index.empty())


def path() -> Path:
    """Where the index of this installation lies."""
    return settings.var / FILE_NAME


def current() -> Index:
    """The index in use, an empty one if there is none; never raises.

    A file that was replaced is noticed within a minute. Whoever holds the former index may go on using it.
    """
    held = _held
    if held.var is settings.var and time.monotonic() < held.look_at:
        return held.index
    return _look(held)


def look_again() -> None:
    """Make the next ``current`` look at the file at once."""
    global _held
    _held = replace(_held, look_at=0.0)


def _look(held: _Held) -> Index:
    # Two threads may both look; each makes a whole answer and the later one stays, which is as good.
    global _held
    signature = _signature(path())
    index = held.index
    if signature != held.signature or held.var != settings.var:
        index = _open_or(held.index if held.var == settings.var else Index.empty(), signature)
    _held = _Held(settings.var, time.monotonic() + SECONDS_BETWEEN_LOOKS, signature, index)
    return index


def _signature(file: Path) -> tuple[int, int, int] | None:
    with contextlib.suppress(OSError):
        stat = file.stat()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size
    return None


def _open_or(former: Index, signature: tuple[int, int, int] | None) -> Index:
    """The index on disk; the former one stays in use when the new file cannot be read."""
    if signature is None:
        return Index.empty()
    try:
        return Index.open(path())
    except (OSError, IndexDamaged) as why:
        log.error("The postcode index cannot be used, so the one before it stays: %s", type(why).__name__)
        return former
