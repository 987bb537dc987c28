"""A list of representatives out of a CSV, whatever its columns are called."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from undersigned.kit.errors import Refused
from undersigned.postcodes import seats as known_seats

COMMONS: Final = "commons"
WESTMINSTER: Final = "WMC"
COLUMNS: Final = {"gss_code", "constituency", "name_display", "name_full_title", "party", "email"}
"""What a list must have when nothing is said about its columns."""
NEEDED: Final = {"gss_code", "name_display"}
"""What a list must have when its columns have been named one by one."""
OTHERS: Final = {
    *("country", "region", "member_id", "address_as", "start_date", "takes_part_in_votes", "note"),
    *("chamber", "area_kind"),
}
SHORT_NAMES: Final = {"name": "name_display", "full_title": "name_full_title"}
LONGEST: Final = {
    "gss_code": 9,
    "constituency": 100,
    "country": 20,
    "region": 60,
    "name_display": 120,
    "name_full_title": 160,
    "address_as": 120,
    "party": 80,
    "chamber": 12,
    "area_kind": 5,
}
_GSS: Final = re.compile(r"[A-Z][0-9]{8}")
_ADDRESS: Final = re.compile(r"[^@\s;,<>\"]+@[^@\s;,<>\"]+\.[^@\s;,<>\".]+")
_NO: Final = frozenset({"false", "no", "n", "0"})


class NotAMemberList(Refused):
    """The file is not a list of members; nothing has been changed."""


@dataclass(frozen=True)
class Line:
    """One seat of a list; ``name`` is empty when it is vacant.

    None for ``email``, ``takes_part_in_votes`` or ``note`` means that the source does not say, so that
    what is known stays. ``parliament_id`` is Parliament's own number for the constituency.
    """

    gss_code: str
    constituency: str
    country: str
    region: str
    member_id: int | None
    name: str
    full_title: str
    address_as: str
    party: str
    email: str | None
    started_on: date | None
    takes_part_in_votes: bool | None
    note: str | None
    chamber: str = COMMONS
    area_kind: str = WESTMINSTER
    parliament_id: int | None = None

    @property
    def named(self) -> str:
        """Who and where, for a review."""
        return f"{self.name} ({self.constituency or self.gss_code})"


def read(path: Path, columns: Mapping[str, str] | None = None) -> list[Line]:
    """The lines of a CSV file. Raises NotAMemberList, naming the line that is wrong.

    ``columns`` says what a list calls things, such as ``{"gss_code": "PCON24CD"}``; without it those of
    COLUMNS must be there, and those of OTHERS may be.
    """
    titles = _titles(columns or {})
    with _opened(path) as rows:
        needed = NEEDED if columns else COLUMNS
        missing = {titles.get(name, name) for name in needed} - set(rows.fieldnames or ())
        missing |= set(titles.values()) - set(rows.fieldnames or ())
        if missing:
            raise NotAMemberList(f"{path.name} lacks the columns {', '.join(sorted(missing))}.")
        lines = [_line(row, titles, number, path.name) for number, row in enumerate(_filled(rows), 2)]
    check(lines, path.name)
    return lines


def check(lines: list[Line], source: str) -> None:
    """Raises NotAMemberList when a seat is unknown or held twice, or one person sits twice."""
    strange = sorted({line.gss_code for line in lines if not _is_seat(line)})
    if strange or not lines:
        raise NotAMemberList(f"{source} names seats that do not exist: {', '.join(strange[:3]) or 'none'}.")
    seats = Counter(line.gss_code for line in lines if line.chamber == COMMONS)
    members = Counter((line.chamber, line.member_id) for line in lines if line.member_id is not None)
    for what, many in [*seats.items(), *members.items()]:
        if many > 1:
            thing = what if isinstance(what, str) else f"member {what[1]}"
            raise NotAMemberList(f"{source} has {thing} {many} times, where once is right.")


def address(text: str) -> str:
    """An e-mail address as a source gives it, or nothing: an address is never guessed."""
    found = text.strip().lower()
    return found if _ADDRESS.fullmatch(found) and len(found) <= 254 else ""


@contextmanager
def _opened(path: Path) -> Iterator["csv.DictReader[str]"]:
    """A CSV file as dictionaries; what cannot be read is refused in one line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield csv.DictReader(file)
    except OSError as error:
        raise NotAMemberList(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotAMemberList(f"{path.name} cannot be read as CSV: {error}.") from error


def _titles(columns: Mapping[str, str]) -> dict[str, str]:
    """Our name of each column to that of the file. Raises NotAMemberList for a name that is not ours."""
    titles = {SHORT_NAMES.get(ours, ours): theirs for ours, theirs in columns.items()}
    if unknown := sorted(titles.keys() - COLUMNS - OTHERS):
        known = ", ".join(sorted(COLUMNS | OTHERS))
        raise NotAMemberList(f"There is no place for {unknown[0]!r}; columns may be {known}.")
    return titles


def _filled(rows: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    for row in rows:
        yield {str(key): str(value or "").strip() for key, value in row.items() if key}


def _line(row: dict[str, str], titles: dict[str, str], number: int, source: str) -> Line:
    told = {name: row.get(titles.get(name, name), "") for name in COLUMNS | OTHERS}
    for name, longest in LONGEST.items():
        if len(told[name]) > longest:
            raise NotAMemberList(f"Line {number} of {source} has more in {name} than fits.")
    name = "" if told["name_display"].lower() == "vacant" else told["name_display"]
    chamber = told["chamber"].lower() or COMMONS
    return Line(
        gss_code=_code(told["gss_code"]) if chamber == COMMONS else told["gss_code"],
        constituency=told["constituency"],
        country=told["country"],
        region=told["region"],
        member_id=int(told["member_id"]) if re.fullmatch(r"[0-9]{1,9}", told["member_id"]) else None,
        name=name,
        full_title=told["name_full_title"] or name,
        address_as=told["address_as"],
        party=told["party"] if name else "",
        email=address(told["email"]) if titles.get("email", "email") in row else None,
        started_on=_day(told["start_date"], number, source),
        takes_part_in_votes=_votes(told["takes_part_in_votes"]),
        note=told["note"] if titles.get("note", "note") in row else None,
        chamber=chamber,
        area_kind=told["area_kind"].upper() or WESTMINSTER,
    )


def _code(text: str) -> str:
    return known_seats.current_code(text) or text


def _day(text: str, number: int, source: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise NotAMemberList(
            f"Line {number} of {source} has {text[:20]!r} for a date; 2024-07-04 is how to write one."
        ) from None


def _votes(text: str) -> bool | None:
    return None if not text else text.lower() not in _NO


def _is_seat(line: Line) -> bool:
    if line.chamber == COMMONS:
        return line.gss_code in known_seats.SEATS
    return _GSS.fullmatch(line.gss_code) is not None
