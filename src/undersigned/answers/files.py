"""The same figures for programs and spreadsheets: JSON, and CSV (RFC 4180) without what is taken for a formula."""

import csv
import io
from typing import Any, Final

from undersigned.answers.figures import Counts, Line
from undersigned.settings import settings

COLUMNS: Final = (
    *("representative", "party", "constituency", "campaign", "letters_delivered", "on_paper", "recent", "private"),
    *("acknowledged", "answered", "standard_replies", "median_days", "reported_answers", "reported_median_days"),
    *("stance", "stance_source"),
)
BOM = "\ufeff"


def as_json(line: Line) -> dict[str, Any]:
    """One line; ``letters`` is null where there is too little to say, and so are medians below five."""
    return {
        "representative": {
            "id": line.representative,
            "name": line.mp,
            "party": line.party,
            "constituency": line.constituency,
            "url": f"{settings.base_url}/representatives/{line.representative}",
        },
        "campaign": {
            "slug": line.slug,
            "title": line.campaign,
            "url": f"{settings.base_url}/campaigns/{line.slug}",
        },
        "letters": letters(line.counts) if line.counts else None,
        "stance": stance(line),
    }


def letters(counts: Counts) -> dict[str, Any]:
    """Numbers of letters: what we saw come back, and apart from it what writers told us."""
    return {
        "delivered": counts.delivered,
        "on_paper": counts.on_paper,
        "recent": counts.recent,
        "private": counts.private,
        "observed": {
            "acknowledged": counts.acknowledged,
            "answered": counts.answered,
            "standard": counts.standard,
            "median_days": counts.days,
        },
        "reported": {"answered": counts.reported, "median_days": counts.reported_days},
    }


def stance(line: Line) -> dict[str, Any] | None:
    """Where they stand and how we know; null when we do not."""
    if line.stance is None:
        return None
    return {
        "position": line.stance.position,
        "source": line.stance.source,
        "noted_at": line.stance.at.isoformat(),
        "words": line.stance.words or None,
    }


def as_csv(lines: list[Line]) -> str:
    """Every line, with a byte order mark for the spreadsheets that need one; unknown is an empty cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([_plain(cell) for cell in _cells(line)])
    return BOM + file.getvalue()


def _cells(line: Line) -> list[Any]:
    c = line.counts
    numbers: list[Any] = [""] * 10
    if c:
        numbers = [c.delivered, c.on_paper, c.recent, c.private, c.acknowledged, c.answered, c.standard]
        numbers += [c.days, c.reported, c.reported_days]
    stands = [line.stance.position, line.stance.source] if line.stance else ["", ""]
    return [line.mp, line.party, line.constituency, line.campaign, *numbers, *stands]


def _plain(cell: Any) -> Any:
    """A word that no spreadsheet takes for a formula; None is empty."""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{cell}"
    return "" if cell is None else cell
