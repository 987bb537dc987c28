"""Mail brought to the door and sorted, as the relay and the worker do."""

from uuid import uuid4

from undersigned.kit import database as db
from undersigned.responses import arrival, jobs
from undersigned.responses.tables import InboundMail

OFFICE = "harriet.vale.mp@example.org"


async def lend(inbound_id: int) -> str:
    """What the relay does: a lease on one row."""
    lease = str(uuid4())
    await db.execute(
        "UPDATE inbound_mail SET lease = $2, leased_until = now() + interval '1 minute' WHERE id = $1",
        inbound_id,
        lease,
    )
    return lease


async def sort(inbound_id: int) -> InboundMail:
    """Sort one mail as the worker does, and give the row as it is then."""
    await jobs.sort_mail.fn.__wrapped__(inbound_id, await lend(inbound_id))
    inbound = await InboundMail.objects().where(InboundMail.id == inbound_id).first()
    assert inbound is not None
    return inbound


async def bring(raw: bytes, to: str, sender: str = OFFICE) -> InboundMail:
    """A mail comes in and is sorted."""
    inbound_id = await arrival.arrive(raw, sender, [to])
    assert inbound_id is not None
    return await sort(inbound_id)
