"""Whether letters may leave: rehearsal until a person says live, and a stop that works at once."""

from datetime import UTC, datetime

from undersigned.delivery.tables import Switch
from undersigned.kit import database, mail
from undersigned.kit.errors import Refused
from undersigned.settings import settings
from undersigned.staff import audit

REHEARSAL, LIVE, STOP = "rehearsal", "live", "stop"


class StaysRehearsal(Refused):
    """Letters may not go live here."""


async def mode() -> str:
    """rehearsal, live or stop. A new installation is in rehearsal; a demo never leaves it."""
    newest = await Switch.objects().order_by(Switch.id, ascending=False).first()
    if newest is None:
        return REHEARSAL
    return REHEARSAL if settings.demo and newest.mode == LIVE else str(newest.mode)


async def turn(to: str, reason: str = "", staff_id: int | None = None) -> None:
    """Turn the switch and write it in the audit. Raises StaysRehearsal for live in a demo."""
    if to == LIVE and settings.demo:
        raise StaysRehearsal("This is a demo: letters to representatives never leave it.")
    before = await mode()
    async with database.transaction():
        await Switch(mode=to, reason=reason, staff_id=staff_id, switched_at=datetime.now(UTC)).save()
        await audit.record("delivery switched", "letters", {"mode": before}, {"mode": to}, staff_id)


@mail.barrier
async def may_leave(recipient: str) -> bool:
    """Until delivery is live nothing at all leaves for a representative's address, whoever asked for it.

    A stranger may type an MP's address into any form; the confirmation is then held back like a letter.
    """
    if await mode() == LIVE:
        return True
    known = await database.fetch_one(
        "SELECT 1 AS one FROM representative WHERE lower(email) = lower($1) LIMIT 1", recipient
    )
    return known is None


async def was_live(at: datetime | None) -> bool:
    """Whether delivery was live at this moment: a letter that was confirmed then is for its MP and nobody else."""
    if at is None or settings.demo:
        return False
    row = await Switch.objects().where(Switch.switched_at <= at).order_by(Switch.id, ascending=False).first()
    return row is not None and row.mode == LIVE


async def waiting_for_live() -> int:
    """How many letters in the queue were confirmed while delivery was live, when it is not live now."""
    row = await database.fetch_one(_WAITING_FOR_LIVE)
    return int(row["n"]) if row else 0


IS_LIVE = "coalesce((SELECT s.mode FROM switch s ORDER BY s.id DESC LIMIT 1), 'rehearsal') = 'live'"
# A letter that was confirmed while delivery was live is never used up by a rehearsal: it waits until it is live.
GOES_NOW = f"""({IS_LIVE}
    OR coalesce((SELECT s.mode FROM switch s WHERE s.switched_at <= confirmed_at ORDER BY s.id DESC LIMIT 1),
                'rehearsal') <> 'live')"""  # noqa: S608 - our own condition.
_WAITING_FOR_LIVE = f"""
    SELECT count(*)::int AS n FROM letter WHERE state = 'ready' AND NOT {GOES_NOW}
"""  # noqa: S608 - our own condition.
NOT_STOPPED = "coalesce((SELECT s.mode FROM switch s ORDER BY s.id DESC LIMIT 1), 'rehearsal') <> 'stop'"
