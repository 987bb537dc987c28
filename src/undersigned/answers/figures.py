"""What may be said of letters and their answers: nothing below five, nor what could be worked out."""

from dataclasses import dataclass, field
from typing import Any, Final

from undersigned.kit import database
from undersigned.signatures import withholding
from undersigned.signatures.tables import Tally
from undersigned.stances import showing
from undersigned.stances.showing import Shown

SORTS: Final = {"place": "Constituency", "delivered": "Letters delivered", "answered": "Answered", "days": "Days"}
SHOWS: Final = {"": "Everybody", "answered": "Who has answered", "not_yet": "Who has not answered yet"}


@dataclass(frozen=True)
class Counts:
    """Numbers of letters, as :class:`tables.Answered` has them; ``days`` are whole days or None."""

    delivered: int = 0
    on_paper: int = 0
    recent: int = 0
    private: int = 0
    acknowledged: int = 0
    answered: int = 0
    standard: int = 0
    reported: int = 0
    days: int | None = None
    reported_days: int | None = None

    @property
    def too_few(self) -> bool:
        """Whether there are fewer than five letters, of which nothing is said."""
        return self.delivered < Tally.FEWEST_SHOWN


@dataclass(frozen=True)
class Line:
    """One campaign and one representative. Without ``counts`` there is too little to say."""

    representative: int
    mp: str
    party: str
    constituency: str
    slug: str
    campaign: str
    counts: Counts | None
    stance: Shown | None = None


@dataclass(frozen=True)
class OfCampaign:
    """A campaign's letters altogether, and by representative; ``few`` of whom too little can be said."""

    whole: Counts
    lines: list[Line] = field(default_factory=list)
    few: bool = False


_ROWS: Final = """
    SELECT a.*, m.display_name AS mp, m.party, coalesce(k.name, '') AS constituency, c.slug, c.title
    FROM answered a JOIN campaign c ON c.id = a.campaign JOIN representative m ON m.id = a.representative
    LEFT JOIN membership sits ON sits.representative = m.id AND sits.ended_on IS NULL
    LEFT JOIN constituency k ON k.gss_code = sits.constituency
"""


async def of_campaign(campaign_id: int) -> OfCampaign:
    """What may be said of a campaign's letters, by constituency."""
    rows = await database.fetch(f"{_ROWS} WHERE a.campaign = $1 ORDER BY k.name NULLS LAST, mp", campaign_id)
    stands = {one.representative: one for one in await showing.of_campaign(campaign_id)}
    shown = withholding.of(_delivered(rows), await _sitting() | _delivered(rows).keys()).totals
    lines = [_line(row, stands.get(row["representative"])) for row in rows if str(row["representative"]) in shown]
    return OfCampaign(_whole(rows), lines, few=len(lines) < len(rows))


async def of_representative(representative_id: int) -> list[Line]:
    """The same of one representative, campaign by campaign: the newest first, then those with a stance alone."""
    rows = await database.fetch(
        f"{_ROWS} WHERE a.representative = $1 AND c.state IN ('open', 'closed', 'archived') ORDER BY c.id DESC",
        representative_id,
    )
    stands = {one.slug: one for one in await showing.of_member(representative_id)}
    sitting, lines = await _sitting(), []
    for row in rows:
        beside = await database.fetch(
            "SELECT representative, delivered FROM answered WHERE campaign = $1", row["campaign"]
        )
        shown = withholding.of(_delivered(beside), sitting | _delivered(beside).keys()).totals
        stance = stands.pop(row["slug"], None)
        lines.append(_line(row, stance, told=str(representative_id) in shown))
    return lines + [_only_stance(one) for one in stands.values()]


async def seat(representative_id: int) -> dict[str, Any] | None:
    """The seat they sit in, else the last one: ``name``, ``started_on`` and ``ended_on``, which may be None."""
    return await database.fetch_one(
        """SELECT k.name, sits.started_on, sits.ended_on FROM membership sits
           JOIN constituency k ON k.gss_code = sits.constituency
           WHERE sits.representative = $1 ORDER BY sits.ended_on DESC NULLS FIRST, sits.id DESC LIMIT 1""",
        representative_id,
    )


def _delivered(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {str(row["representative"]): row["delivered"] for row in rows}


async def _sitting() -> set[str]:
    """Whoever sits now: among those to whom no letter went, a few can be hidden."""
    rows = await database.fetch("SELECT DISTINCT representative AS id FROM membership WHERE ended_on IS NULL")
    return {str(row["id"]) for row in rows}


def _line(row: dict[str, Any], stance: Shown | None, told: bool = True) -> Line:
    return Line(
        representative=row["representative"],
        mp=row["mp"],
        party=row["party"],
        constituency=row["constituency"],
        slug=row["slug"],
        campaign=row["title"],
        counts=_counts(row) if told else None,
        stance=stance,
    )


def _only_stance(one: Shown) -> Line:
    return Line(one.representative, one.mp, one.party, one.constituency, one.slug, one.campaign, None, one)


def _counts(row: dict[str, Any]) -> Counts:
    return Counts(**{name: row[name] for name in Counts.__dataclass_fields__})


def _whole(rows: list[dict[str, Any]]) -> Counts:
    """All of them together. Medians of medians would be no median, so there are none."""
    names = [name for name in Counts.__dataclass_fields__ if not name.endswith("days")]
    return Counts(**{name: sum(row[name] for row in rows) for name in names})


def ordered(lines: list[Line], sort: str, show: str, of: str) -> list[Line]:
    """Those of ``lines`` that answer a reader's question, in their order; ``of`` is part of a name or a place."""
    wanted = of.casefold()
    found = [
        line
        for line in lines
        if (wanted in line.mp.casefold() or wanted in line.constituency.casefold()) and _is_shown(line, show)
    ]
    if sort == "place":
        return found
    return sorted(found, key=lambda line: _weight(line.counts or Counts(), sort))


def _is_shown(line: Line, show: str) -> bool:
    counts = line.counts or Counts()
    has = bool(counts.answered or counts.reported)
    return show == "" or has == (show == "answered")


def _weight(counts: Counts, sort: str) -> float:
    if sort == "days":
        return counts.days if counts.days is not None else float("inf")
    return -counts.delivered if sort == "delivered" else -counts.answered
