"""Tables for spreadsheets: CSV (RFC 4180) in which nothing that somebody typed is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

BOM = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The table with its heading, behind the byte order mark that some programs need; None is an empty cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
    return BOM + file.getvalue()


def plain(cell: Any) -> Any:
    """A word that no spreadsheet takes for a formula; what is no word stays as it is, and None is empty."""
    if isinstance(cell, str) and cell.startswith(FORMULAS):
        return f"'{cell}"
    return "" if cell is None else cell
