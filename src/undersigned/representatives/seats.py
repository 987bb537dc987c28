"""Who sits for a constituency today, in words that a page can show."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from undersigned.kit import database
from undersigned.representatives.tables import Constituency, Representative

TAKES_NO_SEAT = (
    "{mp} was elected on a promise not to take the seat, and does not speak or vote in the House. Letters are "
    "read and answered, so this one asks for what an MP can do outside it."
)
IS_SPEAKER = (
    "{mp} is the Speaker, who takes no side and does not vote, but acts for constituents as any MP does. The "
    "letter asks for that."
)
DOES_NOT_VOTE = "{mp} does not take part in votes at present, so the letter does not ask for one."
GOES_ON_PAPER = (
    "We know of no e-mail address for {mp}, so this letter goes on paper. When you have confirmed it you can "
    "print it. Fold it in three, put it in a DL envelope with a window, and post it to {mp}, House of Commons, "
    "London SW1A 0AA."
)


@dataclass(frozen=True)
class Seat:
    """A constituency and who holds it.

    ``kind`` is sitting, vacant, dissolved, none (a place without a Westminster MP) or unknown.
    """

    kind: str
    constituency: str = ""
    gss_code: str = ""
    mp: Representative | None = None
    membership_id: int | None = None
    estimated: bool = False
    note: str = ""
    since: date | None = None

    @property
    def can_be_written_to(self) -> bool:
        """Whether a letter has a reader: an opted-out or vacant seat has none."""
        return self.mp is not None and self.mp.contact != "opted_out" and self.kind == "sitting"

    @property
    def explained(self) -> list[str]:
        """What somebody should know who writes to this seat, a sentence or two for each thing; often nothing."""
        if self.mp is None or not self.can_be_written_to:
            return [self._why_nobody]
        said = []
        if self.mp.abstains:
            said.append(TAKES_NO_SEAT)
        elif self.mp.is_speaker:
            said.append(IS_SPEAKER)
        elif not self.mp.takes_part_in_votes:
            said.append(DOES_NOT_VOTE)
        if self.mp.contact != "email":
            said.append(GOES_ON_PAPER)
        return [words.format(mp=self.mp.named) for words in said]

    @property
    def _why_nobody(self) -> str:
        where = self.constituency or "this place"
        why = {
            "vacant": f"Nobody sits for {where}, so there is nobody to write to until the by-election.",
            "dissolved": f"Nobody sits for {where} now, so there is nobody to write to.",
            "none": "There is nobody at Westminster to write to for this place.",
            "sitting": f"The MP for {where} has asked not to be written to through this site.",
        }
        return why.get(self.kind, "We do not know who speaks for this place.")


NO_MP = Seat("none", note="The Crown dependencies have no MP at Westminster.")
UNKNOWN = Seat("unknown")


async def of(gss_code: str | None, estimated: bool = False) -> Seat:
    """The seat with this GSS code; UNKNOWN when there is no code or we do not know the seat."""
    if not gss_code:
        return UNKNOWN
    row = await database.fetch_one("SELECT * FROM constituency WHERE gss_code = $1", gss_code)
    if row is None:
        return UNKNOWN
    constituency = Constituency(**row, _exists_in_db=True)
    if not constituency.stands_on(datetime.now(UTC).date()):
        return Seat("dissolved", constituency.name, gss_code, note=_redrawn(constituency))
    mp, membership_id = await _sitting(gss_code)
    if constituency.closed_reason:
        return Seat("dissolved", constituency.name, gss_code, note=constituency.closed_reason)
    if mp is None:
        since, reason = await _vacancy(gss_code)
        return Seat("vacant", constituency.name, gss_code, estimated=estimated, note=reason, since=since)
    return Seat("sitting", constituency.name, gss_code, mp, membership_id, estimated, mp.note)


def _redrawn(constituency: Constituency) -> str:
    if constituency.ends_on and constituency.ends_on < datetime.now(UTC).date():
        return f"Its boundaries were redrawn, and it ended on {_day(constituency.ends_on)}."
    return f"It begins on {_day(constituency.starts_on)}." if constituency.starts_on else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


async def _vacancy(gss_code: str) -> tuple[date | None, str]:
    """Since when a seat is empty, and the same for a page to say, with the reason where we know it."""
    last = await database.fetch_one(
        """SELECT ended_on, end_reason FROM membership WHERE constituency = $1 AND ended_on IS NOT NULL
           ORDER BY ended_on DESC, id DESC LIMIT 1""",
        gss_code,
    )
    if last is None:
        return None, ""
    why = f" ({last['end_reason']})" if last["end_reason"] else ""
    return last["ended_on"], f"Empty since {_day(last['ended_on'])}{why}."


async def _sitting(gss_code: str) -> tuple[Representative | None, int | None]:
    """Who sits, and the id of their membership. Written out, since every signer who confirms asks for it."""
    row = await database.fetch_one(
        """SELECT m.id AS membership_id, r.* FROM membership m JOIN representative r ON r.id = m.representative
           WHERE m.constituency = $1 AND m.ended_on IS NULL ORDER BY m.place LIMIT 1""",
        gss_code,
    )
    if row is None:
        return None, None
    membership_id = row.pop("membership_id")
    return Representative(**row, _exists_in_db=True), membership_id


async def all_seats() -> list[dict[str, Any]]:
    """Every Westminster seat of today by name, with ``mp`` (display_name and party) or None, to choose from."""
    rows = await database.fetch(
        """SELECT c.gss_code, c.name AS constituency, r.display_name, r.party FROM constituency c
           LEFT JOIN membership m ON m.constituency = c.gss_code AND m.ended_on IS NULL
           LEFT JOIN representative r ON r.id = m.representative
           WHERE c.chamber = 'commons' AND coalesce(c.starts_on, current_date) <= current_date
               AND coalesce(c.ends_on, current_date) >= current_date
           ORDER BY c.name"""
    )
    return [{**row, "mp": row if row["display_name"] else None} for row in rows]


async def some_seats(gss_codes: tuple[str, ...] | list[str]) -> list[dict[str, Any]]:
    """The constituencies with these codes and their MPs, in the order of the codes."""
    known = {row["gss_code"]: row for row in await all_seats()}
    return [known[code] for code in gss_codes if code in known]


async def standing() -> list[dict[str, Any]]:
    """Every Westminster seat of today by name: gss_code, name, region and electorate, which may be None."""
    return await database.fetch(
        """SELECT gss_code, name, region, electorate FROM constituency
           WHERE chamber = 'commons' AND coalesce(starts_on, current_date) <= current_date
               AND coalesce(ends_on, current_date) >= current_date
           ORDER BY name"""
    )


async def names() -> dict[str, str]:
    """The name of every constituency that we have ever known, by GSS code."""
    rows = await database.fetch("SELECT gss_code, name FROM constituency")
    return {row["gss_code"]: row["name"] for row in rows}
