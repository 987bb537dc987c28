"""Which jobs run by themselves, and when."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import asyncpg

from undersigned.delivery import sending
from undersigned.delivery.jobs import OWED as LETTERS
from undersigned.kit import leases, outbox
from undersigned.kit.errors import Unavailable
from undersigned.privacy import forgetting
from undersigned.representatives import refreshing
from undersigned.responses.jobs import OWED as INBOUND
from undersigned.settings import settings
from undersigned.signatures import resolving

ELECTION = 7_041_976
log = logging.getLogger(__name__)


@dataclass
class Regular:
    """Something that is done every so many seconds; doing it twice must do no harm."""

    seconds: float
    deed: Callable[[], Awaitable[object]]
    last: float = field(default=0.0)


REGULARS = [
    Regular(1, lambda: leases.relay(outbox.OWED)),
    Regular(1, lambda: leases.relay(LETTERS)),
    Regular(1, lambda: leases.relay(INBOUND)),
    Regular(10, sending.recover),
    Regular(3600, forgetting.keep_promises),
    Regular(60, resolving.remind),
    Regular(60, refreshing.remind),
]


async def run(stop: asyncio.Event) -> None:
    """Keep time until ``stop``. Many clocks may run: an advisory lock in PostgreSQL elects one.

    PostgreSQL's NOTIFY wakes it as soon as something is owed, so nobody waits for the second to pass.
    """
    while not stop.is_set():
        try:
            await _reign(stop)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable) as error:
            log.warning("The clock lost the database (%s) and tries again.", type(error).__name__)
        await _pause(stop, 1)


async def _reign(stop: asyncio.Event) -> None:
    connection = await asyncpg.connect(dsn=settings.database_url)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", ELECTION):
            return
        owed = asyncio.Event()
        await connection.add_listener("owed", lambda *_: owed.set())
        while not stop.is_set() and not connection.is_closed():
            await _tick(owed.is_set())
            owed.clear()
            await _either(stop, owed, 1)
    finally:
        await connection.close(timeout=2)


async def _tick(woken: bool) -> None:
    now = time.monotonic()
    for regular in REGULARS:
        if now - regular.last >= regular.seconds or (woken and regular.seconds <= 1):
            regular.last = now
            await regular.deed()


async def _either(stop: asyncio.Event, owed: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in (stop, owed)]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await wait


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
