"""The constituencies themselves, by code and name, from a list of them or from an ONS zip."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from undersigned.kit import database
from undersigned.postcodes import seats as known_seats
from undersigned.representatives.lists import COMMONS, WESTMINSTER, NotAMemberList

_CODE: Final = re.compile(r"gss_code|code|pcon\d\dcd")
_NAME: Final = re.compile(r"name|constituency|pcon\d\dnm")


class SeatLine(NamedTuple):
    """One constituency; empty words and None leave what is known."""

    gss_code: str
    name: str
    country: str
    region: str
    electorate: int | None
    starts_on: date | None
    ends_on: date | None
    chamber: str
    area_kind: str


def read(path: Path) -> list[SeatLine]:
    """The seats of a CSV with codes and names (``gss_code,name`` or ``PCON24CD,PCON24NM``).

    Of a zip, as the ONS gives out its directories, the list of names in it is read. Raises NotAMemberList.
    """
    try:
        text = _text(path)
        lines = list(_lines(csv.reader(io.StringIO(text)), path.name))
    except OSError as why:
        raise NotAMemberList(f"{path} cannot be read: {why.strerror or why}.") from None
    except (UnicodeDecodeError, csv.Error, zipfile.BadZipFile, zlib.error, EOFError):
        raise NotAMemberList(f"{path.name} cannot be read as CSV or zip.") from None
    if not lines:
        raise NotAMemberList(f"{path.name} names no constituencies.")
    return lines


async def store(lines: list[SeatLine]) -> int:
    """Write the seats, and say how many; again is the same as once."""
    async with database.transaction():
        for line in lines:
            await database.execute(_STORE, *line)
    return len(lines)


_STORE: Final = """
    INSERT INTO constituency (gss_code, name, country, region, electorate, starts_on, ends_on, chamber, area_kind,
        closed_reason)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')
    ON CONFLICT (gss_code) DO UPDATE SET name = excluded.name,
        country = coalesce(nullif(excluded.country, ''), constituency.country),
        region = coalesce(nullif(excluded.region, ''), constituency.region),
        electorate = coalesce(excluded.electorate, constituency.electorate),
        starts_on = coalesce(excluded.starts_on, constituency.starts_on),
        ends_on = coalesce(excluded.ends_on, constituency.ends_on),
        chamber = excluded.chamber, area_kind = excluded.area_kind
"""


def _text(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return path.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if re.search(r"(names and codes|PCON).*\.csv$", member.filename, re.IGNORECASE):
                with archive.open(member) as inside:
                    heading = inside.readline().decode("utf-8-sig", "replace").lower()
                if re.search(r"pcon\d\dcd", heading) and re.search(r"pcon\d\dnm", heading):
                    return archive.read(member).decode("utf-8-sig")
    raise NotAMemberList(f"There is no list of constituency names in {path.name}.")


def _lines(rows: "Iterator[list[str]]", source: str) -> Iterator[SeatLine]:
    heading = [title.strip().lower() for title in next(rows, [])]
    code = next((title for title in heading if _CODE.fullmatch(title)), None)
    name = next((title for title in heading if _NAME.fullmatch(title)), None)
    if code is None or name is None:
        raise NotAMemberList(f"{source} names no columns such as gss_code and name.")
    for number, row in enumerate(rows, 2):
        if row:
            told = dict(zip(heading, (value.strip() for value in row), strict=False))
            yield _line(told, told.get(code, ""), told.get(name, ""), number, source)


def _line(told: dict[str, str], code: str, name: str, number: int, source: str) -> SeatLine:
    chamber = told.get("chamber", "").lower() or COMMONS
    ended = told.get("ends_on", "")
    current = known_seats.current_code(code) if chamber == COMMONS and not ended else code
    if not current or not re.fullmatch(r"[A-Z]\d{8}", current) or not 0 < len(name) <= 100:
        raise NotAMemberList(f"Line {number} of {source} has no constituency that we know: {code[:20]!r}.")
    country = told.get("country", "")
    if not country and chamber == COMMONS:
        country = known_seats.COUNTRY_NAMES[known_seats.country_of(current)]
    electorate = told.get("electorate", "")
    return SeatLine(
        current,
        name,
        country[:20],
        told.get("region", "")[:60],
        int(electorate) if electorate.isdigit() and len(electorate) < 9 else None,
        _day(told.get("starts_on", ""), number, source),
        _day(ended, number, source),
        chamber[:12],
        (told.get("area_kind", "").upper() or WESTMINSTER)[:5],
    )


def _day(text: str, number: int, source: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise NotAMemberList(f"Line {number} of {source} has {text[:20]!r} for a date.") from None
