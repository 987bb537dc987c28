"""One seat as the desk shows it: who holds it, or who last did, and what staff have done to it."""

import re
from dataclasses import dataclass

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.seating.listing import Row, seated


class SomebodyElse(Refused):
    """The member that a form was made for no longer sits there."""


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


async def find(gss_code: str, member_id: str = "") -> Seat:
    """A seat of today and the member on it with this number, or the first. Raises Missing."""
    code = gss_code.upper()
    rows = await seated(code) if re.fullmatch(r"[A-Z0-9]{1,9}", code) else []
    if not rows:
        raise Missing("There is no constituency of today with that code.")
    sitting = [row for row in rows if row["member"] is not None]
    member = next((row for row in sitting if str(row["member"]) == member_id), sitting[0] if sitting else None)
    emptied = None if sitting else await _emptied(code)
    return Seat(code, rows[0]["constituency"], rows[0]["closed_reason"], sitting, member, emptied)


async def _emptied(gss_code: str) -> Row | None:
    return await database.fetch_one(
        """SELECT m.ended_on, m.end_reason, r.display_name FROM membership m
           JOIN representative r ON r.id = m.representative
           WHERE m.constituency = $1 AND m.ended_on IS NOT NULL ORDER BY m.ended_on DESC, m.id DESC LIMIT 1""",
        gss_code,
    )


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
