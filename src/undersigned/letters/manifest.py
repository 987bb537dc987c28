"""The list that goes with printed letters: which begins on which page, whose it is and where it goes."""

import csv
import io
from pathlib import Path
from typing import Any, Final

from undersigned.kit import spreadsheets
from undersigned.kit.days import LONDON
from undersigned.letters.bundling import Bundle

COLUMNS: Final = ("page", "letter", "to", "constituency", "writer", "postcode", "confirmed on")


def of(rows: list[dict[str, Any]], made: Bundle) -> str:
    """CSV (RFC 4180) of the letters of ``made``, in the order of its pages."""
    by_id = {row["id"]: row for row in rows}
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for letter_id in made.letter_ids:
        row = by_id[letter_id]
        confirmed = row["confirmed_at"].astimezone(LONDON).date().isoformat()
        told = (row["mp"], row["constituency"], row["name"], row["postcode"], confirmed)
        writer.writerow((made.first_pages[letter_id], letter_id, *(spreadsheets.plain(word) for word in told)))
    return file.getvalue()


def write(rows: list[dict[str, Any]], made: Bundle, file: Path) -> None:
    """The same, into a file."""
    file.write_text(of(rows, made), encoding="utf-8", newline="")
