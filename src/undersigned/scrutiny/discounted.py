"""Discountings and what is not counted, as the desk shows them: reads only."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from undersigned.campaigns.tables import Chapter
from undersigned.kit import database, pages
from undersigned.kit.errors import Missing
from undersigned.representatives import seats
from undersigned.signatures import discounting, judging, uncounting
from undersigned.signatures.criteria import Criteria
from undersigned.signatures.forms import COUNTRIES
from undersigned.signatures.walking import Walk

SAMPLE: Final = 20
PER_PAGE: Final = 25
MOST_SHOWN: Final = 30
NOWHERE: Final = "No constituency"
REASONS: Final = {uncounting.BY_STAFF: "Taken out at the desk", **judging.WHY}
"""Why a signature is not counted, in words; a reason that is not here is shown as it is."""
STATES: Final = {
    "counted": "Counted, not started",
    "running": "Under way",
    "cancelled": "Stopped",
    "done": "Done",
    "reversing": "Being undone",
    "reversed": "Undone",
}
_LABELS: Final = {
    "name": "Name contains",
    "email": "E-mail address",
    "domain": "E-mail domain",
    "postcode": "Postcode",
    "constituency": "Constituency",
    "country": "Country",
    "ip": "Internet address",
    "signed_from": "Signed from",
    "signed_until": "Signed before",
    "source": "Channel",
    "bucket": "Bucket",
    "chapter": "Chapter",
    "shared_by": "Came by the link of",
    "flag": "Flag",
    "confirmed": "Confirmed by e-mail",
    "discounted_why": "Not counted because",
}


@dataclass(frozen=True)
class Names:
    """What codes and ids are called."""

    seats: dict[str, str]
    chapters: dict[int, str]

    @property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What can be chosen from in the form, by the name of the field."""
        return {
            "constituency": sorted(self.seats.items(), key=lambda pair: pair[1]),
            "country": COUNTRIES,
            "chapter": [(str(key), name) for key, name in self.chapters.items()],
            "flag": list(judging.FLAGS.items()),
            "confirmed": [("yes", "Yes"), ("no", "Not yet")],
        }

    def told(self, criteria: Criteria) -> list[tuple[str, str]]:
        """Criteria as pairs of words."""
        told = [(_LABELS[name], self._words(name, value)) for name, value in criteria.given().items()]
        return [*told, ("And", "what named a person, forgotten since")] if criteria.forgotten else told

    def places(self, places: str) -> list[tuple[str, int]]:
        """Constituencies and numbers as a row holds them, by name."""
        return [(self.seats.get(code, code) if code else NOWHERE, total) for code, total in json.loads(places)]

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, datetime):
            return pages.moment(value)
        known: dict[str, dict[Any, str]] = {
            "constituency": self.seats,
            "country": dict(COUNTRIES),
            "chapter": self.chapters,
            "shared_by": {value: f"signature {value}"},
            "flag": judging.FLAGS,
            "confirmed": {"yes": "Yes", "no": "Not yet"},
            "discounted_why": REASONS,
        }
        return str(known.get(name, {}).get(value, value))


async def names(campaign_id: int) -> Names:
    """The names that the pages of one campaign need."""
    rows = await Chapter.select(Chapter.id, Chapter.name).where(Chapter.campaign == campaign_id)
    return Names(await seats.names(), {row["id"]: row["name"] for row in rows})


async def earlier(campaign_id: int) -> list[Walk]:
    """The latest discountings of a campaign, the newest first, without counts that are too old to start."""
    rows = await database.fetch(
        """SELECT d.*, coalesce(nullif(s.name, ''), s.email, '') AS who FROM discounting d
           LEFT JOIN staff s ON s.id = d.staff_id
           WHERE d.campaign = $1 AND (d.state <> 'counted' OR d.created_at > now() - $3::interval)
           ORDER BY d.id DESC LIMIT $2""",
        campaign_id,
        MOST_SHOWN,
        discounting.GOOD_FOR,
    )
    return [_walk(row) for row in rows]


async def one(campaign_id: int, discounting_id: int) -> Walk:
    """One discounting of a campaign. Raises Missing."""
    row = await database.fetch_one(
        """SELECT d.*, coalesce(nullif(s.name, ''), s.email, '') AS who,
                  d.created_at < now() - $3::interval AS old
           FROM discounting d LEFT JOIN staff s ON s.id = d.staff_id WHERE d.campaign = $1 AND d.id = $2""",
        campaign_id,
        discounting_id,
        discounting.GOOD_FOR,
    )
    if row is None:
        raise Missing("There is no such count here. One that is never started is deleted after 30 days.")
    return _walk(row)


def _walk(row: dict[str, Any]) -> Walk:
    return Walk(row, Criteria.model_validate_json(row["criteria"]))


_SHOWN = """
    s.id, s.name, coalesce(c.name, '') AS place, s.country, split_part(s.email, '@', -1) AS domain, s.created_at
    FROM signature s LEFT JOIN constituency c ON c.gss_code = s.constituency
"""


async def sample(walk: Walk) -> list[dict[str, Any]]:
    """The newest twenty of those that are meant, and no more of them than it takes to tell who they are."""
    condition, values = walk.meant
    rows = await database.fetch(
        f"""SELECT {_SHOWN} WHERE s.id IN (
                SELECT id FROM signature WHERE {condition} ORDER BY id DESC LIMIT {SAMPLE})
            ORDER BY s.id DESC""",  # noqa: S608 - the conditions are ours.
        *values,
    )
    return [_with_place(row) for row in rows]


@dataclass(frozen=True)
class NotCounted:
    """A page of what is not counted; ``totals`` are by reason, largest first."""

    rows: list[dict[str, Any]]
    totals: list[tuple[str, str, int]]
    why: str
    number: int
    more: bool


async def not_counted(campaign_id: int, why: str = "", number: int = 1) -> NotCounted:
    """Discounted signatures, the newest first, 25 to a page; for one reason when it is given."""
    rows = await database.fetch(
        f"""SELECT s.discounted_why, s.confirmed_at, s.withdrawn_at, {_SHOWN}
            WHERE s.campaign = $1 AND s.discounted_at IS NOT NULL AND ($2 = '' OR s.discounted_why = $2)
            ORDER BY s.id DESC LIMIT $3 OFFSET $4""",
        campaign_id,
        why,
        PER_PAGE + 1,
        (number - 1) * PER_PAGE,
    )
    shown = [_with_place(row) | {"reason": reason(row["discounted_why"])} for row in rows[:PER_PAGE]]
    return NotCounted(shown, await _totals(campaign_id), why, number, len(rows) > PER_PAGE)


async def _totals(campaign_id: int) -> list[tuple[str, str, int]]:
    rows = await database.fetch(
        """SELECT discounted_why AS why, count(*) AS total FROM signature
           WHERE campaign = $1 AND discounted_at IS NOT NULL GROUP BY discounted_why ORDER BY total DESC, why""",
        campaign_id,
    )
    return [(row["why"], reason(row["why"]), row["total"]) for row in rows]


def reason(why: str) -> str:
    """Why a signature is not counted, in words."""
    return REASONS.get(why, why.capitalize())


def _with_place(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"place": row["place"] or dict(COUNTRIES).get(row["country"], row["country"])}
