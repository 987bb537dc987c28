"""Sorting what came in, later and away from the door."""

import logging

from undersigned.kit import database, leases
from undersigned.kit.broker import job
from undersigned.kit.errors import Unavailable
from undersigned.responses import filing
from undersigned.responses.tables import InboundMail

MOST_ATTEMPTS = 5
log = logging.getLogger(__name__)


@job(queue="responses")
async def sort_mail(inbound_id: int, lease: str) -> None:
    """Read, match and file one mail that was lent to us."""
    if await leases.take("inbound_mail", inbound_id, lease):
        inbound = await InboundMail.objects().where(InboundMail.id == inbound_id).first()
        if inbound and not inbound.sorted_at:
            await _sort(inbound)


async def _sort(inbound: InboundMail) -> None:
    """Try at most five times, counted before each try: mail that kills the worker is held too."""
    if inbound.attempts >= MOST_ATTEMPTS:
        await filing.hold(inbound, "Reading it stopped us five times.")
        return
    await database.execute("UPDATE inbound_mail SET attempts = attempts + 1 WHERE id = $1", inbound.id)
    try:
        await filing.file(inbound)
    except Unavailable:
        raise
    except Exception as bug:
        log.exception("Mail %s could not be sorted, at attempt %s.", inbound.id, inbound.attempts + 1)
        if inbound.attempts + 1 >= MOST_ATTEMPTS:
            await filing.hold(inbound, f"Five attempts to read it failed ({type(bug).__name__}).")


# A mail whose fifth attempt never came back must be held too, so attempts are no condition here.
OWED = leases.Owed("inbound_mail", "sorted_at IS NULL", sort_mail.send)
