"""Signing in with a one-time link; a passkey can come later, the link always works."""

import secrets
from datetime import UTC, datetime, timedelta

from undersigned.kit import database, tokens
from undersigned.kit.errors import Refused
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.staff import audit, members
from undersigned.staff.tables import Session, Staff

LINK_LASTS = timedelta(minutes=30)
SESSION_LASTS = timedelta(days=14)


class LinkSpent(Refused):
    """The link was used, has expired, or was never ours."""


async def ask(email: str) -> None:
    """Owe a link to a member of staff with this address; silent when there is none."""
    async with database.transaction():
        staff = await Staff.objects().where(Staff.email == email.lower(), Staff.disabled_at.is_null()).first()
        if staff:
            await owe("sign_in", staff.id, staff.email)


@composes("sign_in")
async def write_sign_in(staff_id: int) -> Composed | None:
    """The e-mail with the link; the link itself is made only now, so the outbox holds no secret."""
    staff = await Staff.objects().where(Staff.id == staff_id, Staff.disabled_at.is_null()).first()
    if staff is None:
        return None
    minutes = int(LINK_LASTS.total_seconds() // 60)
    return Composed("staff/emails/sign_in", {"url": await members.link(staff_id, LINK_LASTS), "minutes": minutes})


async def sign_in(secret: str) -> str:
    """Spend a one-time link and answer the secret of a new session. Raises LinkSpent."""
    session = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    async with database.transaction():
        spent = await database.fetch_one(
            """UPDATE sign_in_link SET used_at = now()
               WHERE digest = $1 AND used_at IS NULL AND expires_at > now() RETURNING staff""",
            tokens.digest(secret),
        )
        if spent is None:
            raise LinkSpent("This link has been used or has expired. Ask for a new one.")
        await Session(
            staff=spent["staff"],
            digest=tokens.digest(session),
            created_at=now,
            expires_at=now + SESSION_LASTS,
        ).save()
        await audit.record("signed in", f"staff {spent['staff']}", staff_id=spent["staff"])
    return session


async def whose(session: str) -> Staff | None:
    """Who a session belongs to; None when it has ended."""
    row = await database.fetch_one(
        """SELECT staff.* FROM session JOIN staff ON staff.id = session.staff
           WHERE session.digest = $1 AND session.revoked_at IS NULL AND session.expires_at > now()
             AND staff.disabled_at IS NULL""",
        tokens.digest(session),
    )
    return Staff(**row, _exists_in_db=True) if row else None


async def sign_out(session: str) -> None:
    """End a session."""
    await Session.update({Session.revoked_at: datetime.now(UTC)}).where(Session.digest == tokens.digest(session))
