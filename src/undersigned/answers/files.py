"""The same figures for programs and spreadsheets: JSON and CSV."""

from typing import Any, Final

from undersigned.answers.figures import Counts, Line
from undersigned.kit import spreadsheets
from undersigned.settings import settings

COLUMNS: Final = (
    *("representative", "party", "constituency", "campaign", "letters_delivered", "on_paper", "recent", "private"),
    *("acknowledged", "answered", "standard_replies", "median_days", "reported_answers", "reported_median_days"),
    *("stance", "stance_source"),
)


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
    """Every line; what is unknown is an empty cell."""
    return spreadsheets.as_csv(COLUMNS, map(_cells, lines))


def _cells(line: Line) -> list[Any]:
    c = line.counts
    numbers: list[Any] = [""] * 10
    if c:
        numbers = [c.delivered, c.on_paper, c.recent, c.private, c.acknowledged, c.answered, c.standard]
        numbers += [c.days, c.reported, c.reported_days]
    stands = [line.stance.position, line.stance.source] if line.stance else ["", ""]
    return [line.mp, line.party, line.constituency, line.campaign, *numbers, *stands]
