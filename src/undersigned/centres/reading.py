"""A list of centres out of a CSV, whatever its columns are called."""

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Final

from undersigned.centres.forms import CentreForm
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Mistakes, read

LARGEST: Final = 500_000
MOST: Final = 2_000
COLUMNS: Final = {
    "name": "What it is called. Needed.",
    "address": "Street and town, with commas between. Needed.",
    "postcode": "Its postcode. Needed.",
    "area": "What it is listed under: a county, a city.",
    "phone": "The number to call.",
    "textphone": "For those who cannot hear or speak on the telephone.",
    "opening": "When it is open, in words.",
    "languages": "What is spoken there.",
    "step_free": "yes or no; empty where nobody has asked.",
    "about": "What somebody must know before they set out.",
    "checked_on": "The day on which somebody last rang or went there: 2026-03-12 or 12/03/2026.",
    "latitude": "Degrees, where its postcode says too little. Both or neither.",
    "longitude": "Degrees.",
    "chapter": "The last part of the address of the chapter’s page, or the chapter’s name.",
}
"""Every column, and what stands in it; the page that takes the file shows these."""
NEEDED: Final = ("name", "address", "postcode")
ALSO: Final = {
    "centre": "name",
    "organisation": "name",
    "county": "area",
    "region": "area",
    "telephone": "phone",
    "tel": "phone",
    "phone_number": "phone",
    "minicom": "textphone",
    "opening_hours": "opening",
    "opening_times": "opening",
    "hours": "opening",
    "open": "opening",
    "step_free_access": "step_free",
    "wheelchair": "step_free",
    "wheelchair_access": "step_free",
    "notes": "about",
    "description": "about",
    "last_checked": "checked_on",
    "checked": "checked_on",
    "lat": "latitude",
    "long": "longitude",
    "lng": "longitude",
    "lon": "longitude",
}
"""Other names that these columns go by."""


class NotAList(Refused):
    """The file is no list of centres; nothing was changed."""


@dataclass(frozen=True)
class Row:
    """One line: its number in the file, its words by column, and what is wrong with them or what they say."""

    number: int
    words: dict[str, str]
    form: CentreForm | None
    mistakes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """What a file holds: the columns that we take, those that we do not know, and its rows."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: list[Row]


def read_table(content: bytes) -> Table:
    """Read a CSV with a heading; commas, semicolons or tabs. Raises NotAList."""
    if len(content) > LARGEST:
        raise NotAList(f"The file is larger than {LARGEST // 1000} kilobytes.")
    lines = _lines(_text(content))
    heading = [_column(title) for title in lines[0]] if lines else []
    absent = [name for name in NEEDED if name not in heading]
    if absent:
        raise NotAList(f"There is no column {' and no column '.join(absent)} in the first line of the file.")
    twice = [name for name in COLUMNS if heading.count(name) > 1]
    if twice:
        raise NotAList(f"Two columns say {twice[0].replace('_', ' ')}. Take one of them away.")
    rows = [
        _row(number, heading, cells) for number, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))
    ]
    if not 0 < len(rows) <= MOST:
        raise NotAList(f"There must be 1 to {MOST:,} centres in the file, and there are {len(rows):,}.")
    known = tuple(name for name in heading if name in COLUMNS)
    unknown = tuple(title.strip() for title in lines[0] if title.strip() and _column(title) not in COLUMNS)
    return Table(known, unknown, rows)


def _text(content: bytes) -> str:
    """UTF-8, or else what spreadsheets on Windows write."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise NotAList("That is not a CSV. In the spreadsheet, choose Save as, and then CSV.")
    return text


def _lines(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=between, strict=True))
    except csv.Error:
        raise NotAList("A quotation mark in the file is opened and never closed.") from None


def _column(title: str) -> str:
    name = re.sub(r"[^a-z]+", "_", title.casefold()).strip("_")
    return ALSO.get(name, name)


def _row(number: int, heading: list[str], cells: list[str]) -> Row:
    words = {name: _plain(cell) for name, cell in zip(heading, cells, strict=False) if name in COLUMNS}
    try:
        return Row(number, words, read(CentreForm, dict.fromkeys(NEEDED, "") | words))
    except Mistakes as mistakes:
        errors = mistakes.form.errors
        said = [f"{name.replace('_', ' ')}: {why}" if name in COLUMNS else why for name, why in errors.items()]
        return Row(number, words, None, said)


def _plain(cell: str) -> str:
    """A cell as it was typed, without the mark that a table of ours puts before what looks like a formula."""
    words = " ".join(cell.split())
    return words[1:] if re.match(r"'[=+\-@]", words) else words
