"""The desk's representatives: who sits where, how they are reached, and what staff type to put it right."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from undersigned.dashboards.correspondence import PER_PAGE, Page
from undersigned.kit import database
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import saying
from undersigned.representatives import lists
from undersigned.representatives.corrections import Correction
from undersigned.representatives.tables import Refresh

Row = dict[str, Any]
CONTACTS: Final = {
    "email": "By e-mail",
    "post": "By post",
    "opted_out": "Opted out: not written to",
    "via": "Through somebody else",
    "unknown": "Not known yet",
}
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
OUTCOMES: Final = {
    "trying": "It is being looked at.",
    "unchanged": "It held nothing new.",
    "applied": "It was applied.",
    "waiting": "It waits for you.",
    "dropped": "It was not applied.",
    "failed": "It could not be read, and nothing was changed.",
}


class SomebodyElse(Refused):
    """The member that a form was made for no longer sits there."""


class NotSaid(Refused):
    """A field does not hold what it should."""


@dataclass(frozen=True)
class Seat:
    """A constituency and everybody who sits there; ``member`` is the one that the page is about, if anybody.

    Each member is a row of :func:`seated`. ``emptied`` is who last left, when and why.
    """

    gss_code: str
    constituency: str
    closed_reason: str
    sitting: list[Row]
    member: Row | None
    emptied: Row | None

    @property
    def which(self) -> str:
        """What corrections know the member by: a seat that several hold says nothing of which one."""
        return self.member["display_name"] if self.member and len(self.sitting) > 1 else self.gss_code

    def still(self, member_id: str) -> Row:
        """The member that a form was made for. Raises SomebodyElse: one's address must not become another's."""
        if self.member is None or str(self.member["member"]) != member_id:
            raise SomebodyElse(
                "Since you opened this page the seat has changed hands. Nothing was changed: look again."
            )
        return self.member


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


async def seat(gss_code: str, member_id: str = "") -> Seat:
    """A seat of today and the member on it with this number, or the first. Raises Missing."""
    code = gss_code.upper()
    rows = await seated(code) if re.fullmatch(r"[A-Z0-9]{1,9}", code) else []
    if not rows:
        raise Missing("There is no constituency of today with that code.")
    sitting = [row for row in rows if row["member"] is not None]
    member = next((row for row in sitting if str(row["member"]) == member_id), sitting[0] if sitting else None)
    emptied = None if sitting else await _emptied(code)
    return Seat(code, rows[0]["constituency"], rows[0]["closed_reason"], sitting, member, emptied)


def shown(seat: Seat, typed: dict[str, str]) -> dict[str, str]:
    """What the forms of a seat say: what we hold, and what was typed in the one that was sent.

    A box that was left empty is not sent at all, so what we hold must not tick it again.
    """
    if seat.member is None or typed.get("act") == "correct":
        return typed
    member = seat.member
    votes = "yes" if member["takes_part_in_votes"] else ""
    held = {"contact": member["contact"], "email": member["email"], "note": member["note"], "votes": votes}
    return held | typed


async def _emptied(gss_code: str) -> Row | None:
    return await database.fetch_one(
        """SELECT m.ended_on, m.end_reason, r.display_name FROM membership m
           JOIN representative r ON r.id = m.representative
           WHERE m.constituency = $1 AND m.ended_on IS NOT NULL ORDER BY m.ended_on DESC, m.id DESC LIMIT 1""",
        gss_code,
    )


async def latest_look() -> Refresh | None:
    """The newest night's look at the list of members."""
    return await Refresh.objects().order_by(Refresh.id, ascending=False).first()


async def beside(member: Row, gss_code: str) -> list[tuple[str, str, str, str]]:
    """What is set for a member beside what was there before and what the list that waits says.

    Each entry is (what, now, before, list); “” where that is not known. The audit keeps no address, so
    “before” says only that there was one.
    """
    before, line = await _before(member["member"]), await _waiting_line(member, gss_code)
    reached = _reached(member["contact"], member["email"])
    was = CONTACTS[before["contact"]] if before else ""
    return [
        ("Reached", reached, was, _listed(line)),
        ("Note", _told(member, "note"), _told(before, "note"), _told(line, "note")),
        ("Votes", _votes(member), _votes(before), _votes(line)),
    ]


def _reached(contact: str, email: str) -> str:
    return f"{CONTACTS[contact]}: {email}" if contact == "email" else CONTACTS[contact]


def _listed(line: Row | None) -> str:
    """A list says an address, that there is none, or nothing at all."""
    if line is None or line["email"] is None:
        return ""
    return _reached("email", line["email"]) if line["email"] else CONTACTS["post"]


def _told(row: Row | None, name: str) -> str:
    return "" if row is None or row[name] is None else row[name] or "None"


def _votes(row: Row | None) -> str:
    part = row["takes_part_in_votes"] if row else None
    return "" if part is None else "Takes part" if part else "Takes no part"


async def _before(member_id: int) -> Row | None:
    """What there was when staff first set something, since lists were last let in."""
    return await database.fetch_one(
        """SELECT before->>'contact' AS contact, before->>'note' AS note,
                  (before->>'takes_part_in_votes')::boolean AS takes_part_in_votes
           FROM audit WHERE act = 'representative corrected' AND about = $1 AND id > coalesce(
               (SELECT max(id) FROM audit WHERE act = 'correction forgotten' AND about = $1), 0)
           ORDER BY id LIMIT 1""",
        f"representative {member_id}",
    )


async def _waiting_line(member: Row, gss_code: str) -> Row | None:
    """The member's line in the list that waits, by id where both have one, else by name within the seat."""
    return await database.fetch_one(
        """SELECT line->>'email' AS email, line->>'note' AS note,
                  (line->>'takes_part_in_votes')::boolean AS takes_part_in_votes
           FROM refresh, jsonb_array_elements(lines) AS line
           WHERE outcome = 'waiting' AND line->>'gss_code' = $1
             AND coalesce((line->>'member_id')::int = $2::int, line->>'name' = $3::text)
           ORDER BY id DESC LIMIT 1""",
        gss_code,
        member["member_id"],
        member["display_name"],
    )


async def changes(seat: Seat, most: int = 10) -> list[Row]:
    """What staff last did here, the newest first: to the seat, to all seats, or to the member on it."""
    return await database.fetch(
        """SELECT a.act, a.done_at, coalesce(p.email, 'the command line') AS by_whom, a.after->>'reason' AS reason
           FROM audit a LEFT JOIN staff p ON p.id::text = a.staff_id
           WHERE a.about = $1::text OR (a.about = 'all' AND a.act IN ('seat closed', 'seat opened'))
              OR a.about IN (SELECT 'representative ' || representative FROM membership WHERE constituency = $1)
           ORDER BY a.id DESC LIMIT $2""",
        seat.gss_code,
        most,
    )


def _day(text: str) -> date | None:
    """A day as a browser's date field sends it, not in the future; nothing for today."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotSaid("Write the day as 2026-03-12: the year, the month, the day.") from None
    if day > datetime.now(LONDON).date():
        raise NotSaid("That day has not come yet.")
    return day


class CorrectionForm(BaseModel):
    """How a member is reached, and what is said beside the name."""

    contact: Literal["", "email", "post", "opted_out"] = Field(
        default="", json_schema_extra={"missing": "Choose how this member is reached."}
    )
    email: str = Field(default="", validate_default=True)
    note: str = Field(default="", max_length=500, json_schema_extra={"long": "Use at most 500 characters."})
    votes: Literal["", "yes"] = ""

    @field_validator("email")
    @classmethod
    def an_address_is_given(cls, email: str, chosen: ValidationInfo) -> str:
        if chosen.data.get("contact") == "email" and not lists.address(email):
            raise ValueError("Enter the e-mail address, in the form name@example.com.")
        return lists.address(email)

    def correction(self, member: Row) -> Correction | None:
        """What differs from what we hold, or None: saving a form unread must not forgive a failing address."""
        contact = self.contact or member["contact"]
        same = contact == member["contact"] and (contact != "email" or self.email == member["email"])
        note, votes = self.note.replace("\r\n", "\n"), self.votes == "yes"
        made = Correction(
            contact=None if same else self.contact,
            email=None if same else self.email,
            note=None if note == member["note"] else note,
            takes_part_in_votes=None if votes == member["takes_part_in_votes"] else votes,
        )
        return None if made == Correction() else made


class VacateForm(BaseModel):
    """A member has gone: why, since when, and that it is meant, for it cannot be undone here."""

    reason: str = Field(
        default="",
        min_length=1,
        max_length=60,
        validate_default=True,
        json_schema_extra={"missing": "Say why, for visitors will read it.", "long": "Use at most 60 characters."},
    )
    on: Annotated[date | None, BeforeValidator(saying(_day))] = None
    sure: Literal["yes"] = Field(json_schema_extra={"missing": "Tick this if the member has gone for good."})


class CloseForm(BaseModel):
    """Why nobody sits for the time being."""

    closed_reason: str = Field(
        default="",
        min_length=1,
        max_length=200,
        validate_default=True,
        json_schema_extra={
            "missing": "Say why, for visitors will read it.",
            "long": "Use at most 200 characters.",
        },
    )
