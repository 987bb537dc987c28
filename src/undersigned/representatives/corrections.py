"""What staff know better than the lists: a contact, a note, a seat that is empty or closed.

Each is written in the audit, and none is undone by an import.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.representatives import lists
from undersigned.representatives.tables import Constituency, Membership, Representative
from undersigned.staff import audit


class NotOneMember(Refused):
    """The words fit no member, or more than one."""


class NotACorrection(Refused):
    """What was asked for cannot be done to this member or seat."""


@dataclass(frozen=True)
class Correction:
    """What to set; None leaves a thing as it is. ``contact`` is email, post or opted_out."""

    contact: str | None = None
    email: str | None = None
    note: str | None = None
    takes_part_in_votes: bool | None = None


async def correct(which: str, correction: Correction, staff_id: int | None = None) -> Representative:
    """Set a sitting member's contact or note for good. Raises NotOneMember or NotACorrection.

    ``which`` is a GSS code, the name of a constituency or a member's name.
    """
    async with database.transaction():
        member = await _representative(await find(which))
        before = _facts(member)
        if correction.contact is not None:
            _set_contact(member, correction)
        if correction.note is not None:
            member.note = correction.note.strip()
        if correction.takes_part_in_votes is not None:
            member.takes_part_in_votes = correction.takes_part_in_votes
        member.overridden_at = datetime.now(UTC)
        await member.save()
        await audit.record("representative corrected", _about(member), before, _facts(member), staff_id)
    return member


async def forget(which: str, staff_id: int | None = None) -> Representative:
    """Let lists change a member's contact again; it stays as it is until one does."""
    async with database.transaction():
        member = await _representative(await find(which))
        member.overridden_at = None
        await member.save()
        await audit.record("correction forgotten", _about(member), _facts(member), staff_id=staff_id)
    return member


async def vacate(which: str, reason: str, on: date | None = None, staff_id: int | None = None) -> str:
    """A member has gone, before the lists say so; no list that is behind brings them back.

    Answers who no longer sits.
    """
    async with database.transaction():
        membership = await find(which)
        member = await _representative(membership)
        await Membership.update(
            {
                Membership.ended_on: on or datetime.now(UTC).date(),
                Membership.end_reason: reason.strip()[:60],
                Membership.overridden_at: datetime.now(UTC),
            }
        ).where(Membership.id == membership.id)
        await audit.record("seat vacated", _about(member), after={"reason": reason}, staff_id=staff_id)
    return member.display_name


async def close(which: str | None, reason: str, staff_id: int | None = None) -> int:
    """Between dissolution and poll nobody sits: one seat, or all of Westminster. Answers how many."""
    if not reason.strip():
        raise NotACorrection("Say why, for the page will: --reason 'Parliament has been dissolved'.")
    return await _set_closed(which, reason.strip(), "seat closed", staff_id)


async def reopen(which: str | None, staff_id: int | None = None) -> int:
    """There are members again. Answers how many seats were opened."""
    return await _set_closed(which, "", "seat opened", staff_id)


async def _set_closed(which: str | None, reason: str, act: str, staff_id: int | None) -> int:
    async with database.transaction():
        code = None if which is None else (await seat(which)).gss_code
        changed = await database.execute(
            """UPDATE constituency SET closed_reason = $1::text
               WHERE closed_reason <> $1::text
                 AND (gss_code = $2::text OR ($2::text IS NULL AND chamber = 'commons'))""",
            reason,
            code,
        )
        await audit.record(act, code or "all", after={"reason": reason, "seats": changed}, staff_id=staff_id)
    return changed


async def seat(which: str) -> Constituency:
    """The constituency with this GSS code or name. Raises NotOneMember."""
    rows = await database.fetch(
        """SELECT gss_code FROM constituency
           WHERE (gss_code = upper($1::text) OR lower(name) = lower($1::text))
             AND (ends_on IS NULL OR ends_on >= current_date)""",
        which.strip(),
    )
    found = (
        await Constituency.objects().where(Constituency.gss_code == rows[0]["gss_code"]).first() if rows else None
    )
    if found is None or len(rows) > 1:
        raise NotOneMember(f"There is no one constituency called {which!r}.")
    return found


async def find(which: str) -> Membership:
    """The open membership of a seat (by code or name) or of a member (by name). Raises NotOneMember."""
    rows = await database.fetch(
        """SELECT m.id, r.display_name, c.name FROM membership m
           JOIN representative r ON r.id = m.representative JOIN constituency c ON c.gss_code = m.constituency
           WHERE m.ended_on IS NULL AND (c.gss_code = upper($1::text) OR lower(c.name) = lower($1::text)
               OR lower(r.display_name) = lower($1::text) OR lower(r.full_title) = lower($1::text))
           ORDER BY c.name, r.display_name""",
        which.strip(),
    )
    if len(rows) > 1:
        they = ", ".join(f"{row['display_name']} ({row['name']})" for row in rows[:5])
        raise NotOneMember(f"{which!r} may be {they}. Use the name of the one you mean.")
    membership = await Membership.objects().where(Membership.id == rows[0]["id"]).first() if rows else None
    if membership is None:
        raise NotOneMember(f"Nobody sits under {which!r}. Use a GSS code, a constituency or a member's name.")
    return membership


async def _representative(membership: Membership) -> Representative:
    member = await Representative.objects().where(Representative.id == membership.representative).first()
    if member is None:
        raise NotOneMember("That member has gone.")
    return member


def _set_contact(member: Representative, correction: Correction) -> None:
    if correction.contact == "email":
        address = lists.address(correction.email or "")
        if not address:
            raise NotACorrection(f"{correction.email!r} is not an e-mail address.")
        member.email, member.failing_since = address, None
    member.contact = correction.contact or member.contact


def _facts(member: Representative) -> dict[str, object]:
    """For the audit, which holds no address: only that there was one."""
    return {
        "contact": member.contact,
        "has_email": bool(member.email),
        "note": member.note,
        "takes_part_in_votes": member.takes_part_in_votes,
    }


def _about(member: Representative) -> str:
    return f"representative {member.id}"
