"""Letters that go out later."""

from undersigned.delivery import bundles, pacing, sending, switch
from undersigned.kit import leases
from undersigned.kit.broker import job


@job(queue="letters")
async def deliver_letter(letter_id: int, lease: str) -> None:
    """Make one attempt for a letter that was lent to us."""
    if await leases.take("letter", letter_id, lease):
        await sending.deliver(letter_id)


@job(queue="letters")
async def deliver_bundle(bundle_id: int, lease: str) -> None:
    """Make one attempt for the letters of a day that was lent to us."""
    if await leases.take("bundle", bundle_id, lease):
        await bundles.deliver(bundle_id)


OWED = leases.Owed(
    "letter",
    f"state = 'ready' AND due_at <= now() AND {pacing.GOES_ALONE} AND {switch.NOT_STOPPED} AND {switch.GOES_NOW}",
    deliver_letter.send,
    in_turn=pacing.in_turn,
)
OWED_TOGETHER = leases.Owed(
    "bundle",
    f"kind = 'mail' AND ended_at IS NULL AND due_at <= now() AND {switch.NOT_STOPPED}",
    deliver_bundle.send,
)
