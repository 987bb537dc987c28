"""An address that mail comes back from: its letters wait, staff are told, and all goes on when it is mended."""

import re

from undersigned.delivery import switch
from undersigned.kit import database, mail
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.representatives.tables import Membership, Representative
from undersigned.settings import settings
from undersigned.staff import operator

REASON = "Mail to this MP's address is being returned; somebody is looking into it."
"""Why a letter waits. It goes on by itself as soon as its reader's address is a good one again."""


async def mark(representative_id: int, mode: str, recipient: str) -> None:
    """Mail to ``recipient`` was refused or came back: mark the address, if it is still the one that failed.

    Other letters to it are held, and the operator is told, once until the address is mended. Call it in a
    transaction. What was only rehearsed says nothing about anybody's address.
    """
    if mode != switch.LIVE:
        return
    known = await database.execute(
        """UPDATE representative SET failing_since = now()
           WHERE id = $1 AND lower(email) = lower($2) AND failing_since IS NULL""",
        representative_id,
        recipient,
    )
    if known:
        await _hold_others(representative_id)
        await owe("contact_failing", representative_id, await operator.address())


async def _hold_others(representative_id: int) -> None:
    await database.execute(
        """UPDATE letter SET state = 'held', reason = $2
           WHERE representative = $1 AND state = 'ready' AND channel = 'email'""",
        representative_id,
        REASON,
    )


async def let_go() -> int:
    """Letters that waited for an address which is good again go back into the queue; answers how many."""
    return await database.execute(
        """UPDATE letter l SET state = 'ready', reason = '', due_at = now(), leased_until = NULL
           FROM representative r WHERE r.id = l.representative AND l.state = 'held' AND l.reason = $1
               AND r.failing_since IS NULL AND r.contact = 'email' AND r.email <> ''""",
        REASON,
    )


@composes("contact_failing")
async def write_failing(representative_id: int) -> Composed | None:
    """The e-mail that asks staff to find the right address; None when somebody has mended it by now."""
    member = await Representative.objects().where(Representative.id == representative_id).first()
    if member is None or member.failing_since is None:
        return None
    seat = (
        await Membership.select(Membership.constituency.gss_code, Membership.constituency.name)
        .where(Membership.representative == representative_id, Membership.ended_on.is_null())
        .first()
    )
    code = seat["constituency.gss_code"] if seat else ""
    row = await database.fetch_one(
        "SELECT count(*)::int AS held FROM letter WHERE representative = $1 AND state = 'held' AND reason = $2",
        representative_id,
        REASON,
    )
    context = {
        "mp_name": member.named,
        "constituency": seat["constituency.name"] if seat else "",
        "held": row["held"] if row else 0,
        "not_from_us": await _not_from_us(representative_id),
        "desk_url": f"{settings.base_url}/staff/representatives/{code}".rstrip("/"),
    }
    return Composed("delivery/emails/contact_failing", context)


async def _not_from_us(representative_id: int) -> str:
    """What their server said last, unless that was that there is no such mailbox: then it refuses us."""
    said = await database.fetch_one(
        """SELECT d.code, d.answer FROM delivery d JOIN letter l ON l.id = d.letter
           WHERE l.representative = $1 AND d.outcome = 'rejected' ORDER BY d.id DESC LIMIT 1""",
        representative_id,
    )
    if said is None or mail.is_nobody(said["code"] or 0, said["answer"]):
        return ""
    return re.sub(r"\S+@\S+", "…", f"{said['code'] or ''} {said['answer']}").strip()
