"""Who is on the staff: inviting them, what role they have, and letting them go."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from undersigned.kit import database, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.settings import settings
from undersigned.staff import audit
from undersigned.staff.tables import SignInLink, Staff

FIRST_LINK_LASTS = timedelta(days=7)


class LastOwner(Refused):
    """Somebody must stay who may do everything."""


@dataclass(frozen=True)
class Invited:
    """Somebody who can sign in by ``link``; ``was`` is their role until now, or empty for a newcomer."""

    link: str
    role: str
    was: str


async def invite(email: str, role: str | None = None) -> Invited:
    """Make ``email`` a member of staff, give one their ``role``, or let one back in, with a one-time link.

    Without a role everybody keeps theirs, and a newcomer is an owner. Raises LastOwner.
    """
    async with database.transaction():
        owners = await _lock_owners()
        staff = await Staff.objects().where(Staff.email == email.lower()).first()
        was = str(staff.role) if staff and staff.disabled_at is None else ""
        if staff is None:
            staff = Staff(email=email.lower(), role=role or "owner", created_at=datetime.now(UTC))
            await staff.save()
            await audit.record("staff invited", f"staff {staff.id}", after={"role": staff.role})
        else:
            await _appoint(staff, role or staff.role, owners)
        return Invited(await link(staff.id, FIRST_LINK_LASTS), staff.role, was)


async def _appoint(staff: Staff, role: str, owners: list[int]) -> None:
    if role != "owner":
        _check_not_last(staff, owners, f"Nobody else is an owner, so this one cannot become {_a(role)}.")
    before = {"role": staff.role} | ({"state": "removed"} if staff.disabled_at else {})
    if before == {"role": role}:
        return
    staff.role, staff.disabled_at = role, None
    await staff.save()
    await audit.record("role given", f"staff {staff.id}", before=before, after={"role": role})


async def remove(email: str) -> None:
    """Let somebody go: their sessions and links end with it. Raises Missing, or LastOwner."""
    async with database.transaction():
        owners = await _lock_owners()
        staff = await Staff.objects().where(Staff.email == email.lower(), Staff.disabled_at.is_null()).first()
        if staff is None:
            raise Missing("Nobody on the staff has this address. See who is: undersigned staff list.")
        _check_not_last(staff, owners, "Nobody else is an owner, so this one cannot be removed. Invite one first.")
        await database.execute("UPDATE staff SET disabled_at = now() WHERE id = $1", staff.id)
        await database.execute(
            "UPDATE session SET revoked_at = now() WHERE staff = $1 AND revoked_at IS NULL", staff.id
        )
        await database.execute(
            "UPDATE sign_in_link SET used_at = now() WHERE staff = $1 AND used_at IS NULL", staff.id
        )
        await audit.record("staff removed", f"staff {staff.id}", before={"role": staff.role})


async def everybody() -> list[dict[str, Any]]:
    """Who is on the staff, in the order of coming: email, role, created_at, and seen_at of the last sign-in."""
    return await database.fetch(
        """SELECT email, role, created_at,
                  (SELECT max(session.created_at) FROM session WHERE session.staff = staff.id) AS seen_at
           FROM staff WHERE disabled_at IS NULL ORDER BY id"""
    )


async def link(staff_id: int, lasts: timedelta) -> str:
    """A new link that signs a member of staff in once."""
    secret = secrets.token_urlsafe(24)
    now = datetime.now(UTC)
    await SignInLink(staff=staff_id, digest=tokens.digest(secret), created_at=now, expires_at=now + lasts).save()
    return f"{settings.base_url}/staff/sign-in/{secret}"


async def _lock_owners() -> list[int]:
    """The ids of all owners, who stay as they are until we commit."""
    rows = await database.fetch(
        "SELECT id FROM staff WHERE role = 'owner' AND disabled_at IS NULL ORDER BY id FOR UPDATE"
    )
    return [row["id"] for row in rows]


def _check_not_last(staff: Staff, owners: list[int], why: str) -> None:
    if owners == [staff.id]:
        raise LastOwner(why)


def _a(role: str) -> str:
    return f"an {role}" if role[0] in "aeio" else f"a {role}"
