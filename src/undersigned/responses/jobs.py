"""Sorting what came in, later and away from the door."""

import logging
import time
from uuid import uuid4

from undersigned.kit import database, leases
from undersigned.kit.broker import job
from undersigned.kit.errors import Unavailable
from undersigned.responses import filing
from undersigned.responses.tables import InboundMail

MOST_ATTEMPTS = 5
AT_ONCE = 20
SMALL = 200_000
log = logging.getLogger(__name__)


@job(queue="responses")
async def sort_mail(inbound_id: int, lease: str) -> None:
    """Read, match and file one mail that was lent to us, and whatever else was lent with it.

    Mail comes in bursts, and taking each by itself would cost more than sorting it.
    """
    until = time.monotonic() + leases.STRETCH
    while taken := await _take(lease):
        for inbound in taken:
            await _sort(inbound)
        if time.monotonic() > until:
            return


async def _take(lease: str) -> list[InboundMail]:
    """Some that wait under this lease, each with one attempt more; a worker that dies over one comes back to each.

    So what has been tried before is taken by itself, and so is what is large.
    """
    rows = await database.fetch(_TAKE, lease, str(uuid4()), leases.AT_WORK_SECONDS, AT_ONCE, SMALL)
    return [InboundMail(_exists_in_db=True, **row) for row in sorted(rows, key=lambda row: int(row["id"]))]


_TAKE = """
    WITH waiting AS (
        SELECT id, attempts = 0 AND pg_column_size(raw) <= $5 AS easy FROM inbound_mail
        WHERE lease = $1 AND leased_until >= now() AND sorted_at IS NULL
        ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
    ), first AS (SELECT id, easy FROM waiting ORDER BY id LIMIT 1)
    UPDATE inbound_mail m SET lease = $2, leased_until = now() + make_interval(secs => $3), attempts = attempts + 1
    FROM waiting w, first f WHERE m.id = w.id AND (w.id = f.id OR (w.easy AND f.easy))
    RETURNING m.id, m.raw, m.digest, m.envelope_from, m.envelope_to, m.received_at, m.attempts
"""


async def _sort(inbound: InboundMail) -> None:
    """Try at most five times, counted before each try: mail that kills the worker is held too."""
    if inbound.attempts > MOST_ATTEMPTS:
        await filing.hold(inbound, "Reading it stopped us five times.")
        return
    try:
        await filing.file(inbound)
    except Unavailable:
        raise
    except Exception as bug:
        log.exception("Mail %s could not be sorted, at attempt %s.", inbound.id, inbound.attempts)
        if inbound.attempts >= MOST_ATTEMPTS:
            await filing.hold(inbound, f"Five attempts to read it failed ({type(bug).__name__}).")


# A mail whose fifth attempt never came back must be held too, so attempts are no condition here.
OWED = leases.Owed("inbound_mail", "sorted_at IS NULL", sort_mail.send, bunch=AT_ONCE)
