"""Letters that go out later."""

from undersigned.delivery import sending, switch
from undersigned.kit import leases
from undersigned.kit.broker import job


@job(queue="letters")
async def deliver_letter(letter_id: int, lease: str) -> None:
    """Make one attempt for a letter that was lent to us."""
    if await leases.take("letter", letter_id, lease):
        await sending.deliver(letter_id)


OWED = leases.Owed("letter", f"state = 'ready' AND due_at <= now() AND {switch.NOT_STOPPED}", deliver_letter.send)
