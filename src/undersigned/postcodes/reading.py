"""Rows out of a postcode file: the ONS directories of any recent release, or a plain list."""

import calendar
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, NamedTuple

from undersigned.kit.errors import Refused

Progress = Callable[[int, int], None]
"""Called now and then with the bytes read and the bytes there are."""

ROWS_BETWEEN_REPORTS: Final = 20_000
_MONTHS: Final = {name[:3]: name for name in calendar.month_name if name}
_ONS_NAME: Final = re.compile(r"(ONSPD|NSPL)\d*[_ ]([A-Z]{3})[A-Z]*[_ ](20\d\d)", re.IGNORECASE)
_YEARLY: Final = r"(?:\d\d)?(?:cd)?"
_COLUMNS: Final = {
    "postcode": re.compile(r"pcds|postcode|pcd8|pcd7|pcd2|pcd"),
    "seat": re.compile(rf"pcon{_YEARLY}|gss_code|gss|constituency_code|westminster_constituency_code"),
    "country": re.compile(rf"ctry{_YEARLY}|oscountry|country"),
    "police": re.compile(rf"pfa{_YEARLY}|police_force_area"),
    "terminated": re.compile(r"doterm|terminated"),
    "exact": re.compile(r"exact"),
}
_POSTCODE_FIRST: Final = ("pcds", "postcode", "pcd8", "pcd7", "pcd2", "pcd")


class NotAPostcodeFile(Refused):
    """The file is something else, or cannot be read to its end."""


class FileCutShort(NotAPostcodeFile):
    """The file stops before its end, most often because a download did."""


class ColumnMissing(NotAPostcodeFile):
    """The heading does not name a column without which nothing can be loaded."""


class Row(NamedTuple):
    """One postcode as the file has it; codes are not checked yet."""

    postcode: str
    seat: str
    country: str
    police_force_area: str
    terminated: bool
    exact: bool


@dataclass(frozen=True)
class Source:
    """An open file of postcodes: what it calls itself, and its rows."""

    name: str
    rows: Iterator[Row]

    @property
    def ons_release(self) -> tuple[str, str, int] | None:
        """“ONSPD”, “November”, 2025 for the files of the Office for National Statistics."""
        named = _ONS_NAME.search(self.name)
        if not named or named[2].title() not in _MONTHS:
            return None
        return named[1].upper(), _MONTHS[named[2].title()], int(named[3])


@contextmanager
def opened(path: Path, progress: Progress | None = None) -> Iterator[Source]:
    """The rows of a CSV file, or of the largest CSV in a zip, read as they are asked for.

    Raises NotAPostcodeFile or a subclass, here or while the rows are read, whatever is wrong with the file.
    """
    try:
        # The text is opened here and not where it is read, so that it is closed whatever happens.
        with (
            path.open("rb") as raw,
            _unpacked(path, raw) as (name, stream, size),
            io.TextIOWrapper(stream, "utf-8-sig", newline="") as text,
        ):
            lines = csv.reader(text, strict=True)
            heading = [title.strip().lower() for title in next(lines, [])]
            report = partial(_report, stream, size, progress) if progress else _nothing
            yield Source(Path(name).stem, _rows(lines, heading, report))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as why:
        raise NotAPostcodeFile(f"{path} cannot be read: {why.strerror}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise FileCutShort(f"{path.name} is damaged or cut short. Download it again.") from None
    except (UnicodeDecodeError, csv.Error):
        raise NotAPostcodeFile(f"{path.name} is not a text file of postcodes, or it is damaged.") from None


@contextmanager
def _unpacked(path: Path, raw: IO[bytes]) -> Iterator[tuple[str, IO[bytes], int]]:
    """The name, the bytes and the length of the CSV itself."""
    front = raw.read(512)
    raw.seek(0)
    if not front.startswith(b"PK"):
        _refuse_other_formats(front)
        yield path.name, raw, path.stat().st_size
        return
    with zipfile.ZipFile(raw) as archive:
        member = _largest_csv(archive)
        try:
            inside = archive.open(member)
        except (NotImplementedError, RuntimeError):
            raise NotAPostcodeFile(f"{path.name} is locked, or packed in a way not known here.") from None
        with inside:
            yield member.filename, inside, member.file_size


def _report(stream: IO[bytes], size: int, progress: Progress) -> None:
    progress(min(stream.tell(), size), size)


def _nothing() -> None:
    """For whoever does not want to know how far we are."""


def _largest_csv(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one with the whole country: the ONS zips hold a CSV for each area and lists of names besides."""
    members = [member for member in archive.infolist() if member.filename.lower().endswith(".csv")]
    if not members:
        raise NotAPostcodeFile("There is no CSV file in that zip.")
    return max(members, key=lambda member: member.file_size)


def _refuse_other_formats(front: bytes) -> None:
    if not front.strip():
        raise NotAPostcodeFile("That file is empty.")
    if front.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise NotAPostcodeFile("That is a web page, not a file of postcodes. Download the CSV or the zip itself.")
    if b"\0" in front:
        raise NotAPostcodeFile("That is not a text file. A CSV or a zip with a CSV in it is needed.")


def _rows(lines: Iterator[list[str]], heading: list[str], report: Callable[[], None]) -> Iterator[Row]:
    where = _columns(heading)
    postcode, seat = where["postcode"], where["seat"]
    country, police = where.get("country", -1), where.get("police", -1)
    gone, exact = where.get("terminated", -1), where.get("exact", -1)
    width = len(heading)
    for number, line in enumerate(lines, 2):
        if len(line) != width:
            if not line:
                continue
            raise FileCutShort(f"Line {number:,} has {len(line)} columns where the first line has {width}.")
        yield Row(
            line[postcode],
            line[seat],
            line[country] if country >= 0 else "",
            line[police] if police >= 0 else "",
            gone >= 0 and line[gone] not in _NO,
            exact < 0 or line[exact] not in _NO,
        )
        if number % ROWS_BETWEEN_REPORTS == 0:
            report()
    report()


_NO: Final = frozenset({"", "0", "no", "No", "NO", "n", "N", "false", "False", "FALSE"})


def _columns(heading: list[str]) -> dict[str, int]:
    """Where each thing stands; of several years of one column the latest is meant."""
    found: dict[str, int] = {}
    for thing, pattern in _COLUMNS.items():
        titles = [title for title in heading if pattern.fullmatch(title)]
        if titles:
            best = min(titles, key=_rank) if thing == "postcode" else max(titles, key=_year)
            found[thing] = heading.index(best)
    for thing, name in (("postcode", "pcds or postcode"), ("seat", "pcon24cd or gss_code")):
        if thing not in found:
            raise ColumnMissing(f"The first line names no column such as {name}, so this file cannot be used.")
    return found


def _rank(title: str) -> int:
    return _POSTCODE_FIRST.index(title)


def _year(title: str) -> int:
    return int("".join(filter(str.isdigit, title)) or 0)
