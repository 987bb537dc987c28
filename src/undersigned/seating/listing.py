"""Every seat of today with its member: all, those that some words name, or those of one kind."""

import unicodedata
from collections.abc import Callable
from typing import Any, Final

from undersigned.dashboards.paging import PER_PAGE, Page
from undersigned.kit import database

Row = dict[str, Any]
ONLY: Final = {
    "no_email": "Not reached by e-mail",
    "failing": "Failing: mail comes back",
    "overridden": "Set by us",
    "vacant": "Vacant seats",
    "closed": "Closed seats",
}
_FITS: Final[dict[str, Callable[[Row], bool]]] = {
    "no_email": lambda row: row["member"] is not None and row["contact"] != "email",
    "failing": lambda row: row["failing_since"] is not None,
    "overridden": lambda row: row["overridden_at"] is not None,
    "vacant": lambda row: row["member"] is None and not row["closed_reason"],
    "closed": lambda row: bool(row["closed_reason"]),
}


async def seated(gss_code: str | None = None) -> list[Row]:
    """Every seat of today with its member, by name, or only those of one seat.

    A seat that several hold has a row for each; ``member`` is None where nobody sits.
    """
    return await database.fetch(
        """SELECT c.gss_code, c.name AS constituency, c.chamber, c.closed_reason, r.id AS member,
                  r.display_name, r.full_title, r.party, r.contact, r.email, r.note, r.takes_part_in_votes,
                  r.failing_since, r.overridden_at, r.member_id
           FROM constituency c
           LEFT JOIN membership m ON m.constituency = c.gss_code AND m.ended_on IS NULL
           LEFT JOIN representative r ON r.id = m.representative
           WHERE coalesce(c.starts_on, current_date) <= current_date
             AND coalesce(c.ends_on, current_date) >= current_date AND ($1::text IS NULL OR c.gss_code = $1)
           ORDER BY c.name, c.gss_code, m.place""",
        gss_code,
    )


def counts(rows: list[Row]) -> dict[str, int]:
    """How many rows each of ONLY leaves."""
    return {name: sum(map(fits, rows)) for name, fits in _FITS.items()}


def search(rows: list[Row], words: str, only: str, number: int) -> Page:
    """The rows that hold every word in a name, a party or a code, with or without accents; fifty to a page."""
    wanted = _folded(words).split()
    fits = _FITS.get(only)
    found = [row for row in rows if (fits is None or fits(row)) and _holds(row, wanted)]
    start = (number - 1) * PER_PAGE
    return Page(found[start : start + PER_PAGE], number, len(found) > start + PER_PAGE)


def _holds(row: Row, words: list[str]) -> bool:
    told = ("constituency", "gss_code", "display_name", "full_title", "party")
    text = _folded(" ".join(row[name] or "" for name in told))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
