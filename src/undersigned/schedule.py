"""Which jobs run by themselves, and when."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import asyncpg

from undersigned.answers import counting
from undersigned.campaigns import closing
from undersigned.centres import checking
from undersigned.delivery import bundles, failing, recovering, telling, waiting
from undersigned.delivery.jobs import OWED as LETTERS
from undersigned.delivery.jobs import OWED_TOGETHER as BUNDLES
from undersigned.events import writing as gathering_mails
from undersigned.kit import database, leases, outbox
from undersigned.kit.errors import Unavailable
from undersigned.privacy import forgetting
from undersigned.representatives import refreshing
from undersigned.responses import following_up
from undersigned.responses.jobs import OWED as INBOUND
from undersigned.settings import settings
from undersigned.signatures import mailing, pledging, recounting, reminding, resolving, walking

ELECTION = 7_041_976
BREATH = 0.1
"""Seconds between two rounds: in a rush everybody wakes the clock, and one round is enough for all of them."""
log = logging.getLogger(__name__)


@dataclass
class Regular:
    """Something that is done every so many seconds; doing it twice must do no harm."""

    name: str
    seconds: float
    deed: Callable[[], Awaitable[object]]
    last: float = field(default=float("-inf"))
    under_way: asyncio.Task[None] | None = None

    @property
    def is_relay(self) -> bool:
        """Whether somebody waits for it, so that it comes before everything else."""
        return self.seconds <= 1

    @property
    def is_under_way(self) -> bool:
        """Whether the last time has not ended yet."""
        return self.under_way is not None and not self.under_way.done()


REGULARS = [
    Regular("relay of mail", 1, lambda: leases.relay(outbox.OWED)),
    Regular("relay of letters", 1, lambda: leases.relay(LETTERS)),
    Regular("relay of bundles", 1, lambda: leases.relay(BUNDLES)),
    Regular("relay of inbound mail", 1, lambda: leases.relay(INBOUND)),
    Regular("relay of mailings", 1, lambda: leases.relay(mailing.OWED)),
    Regular("relay of mail to many", 1, lambda: leases.relay(outbox.OWED_TO_MANY)),
    Regular("relay of discountings", 1, lambda: leases.relay(walking.OWED)),
    Regular("closing of campaigns", 10, closing.close),
    Regular("settling of pledges", 10, pledging.settle),
    Regular("making up of bundles", 10, bundles.make_up),
    Regular("recovery of letters", 10, recovering.recover),
    Regular("letters to mended addresses", 10, failing.let_go),
    Regular("letters that wait for a reader", 60, waiting.look_again),
    Regular("word of held letters", 60, telling.tell_writers),
    Regular("settling of letters", 3600, recovering.settle),
    Regular("keeping of promises", 3600, forgetting.keep_promises),
    Regular("finding of places", 60, resolving.remind),
    Regular("list of members", 60, refreshing.remind),
    Regular("reminders of signatures", 60, reminding.remind),
    Regular("questions after two weeks", 60, following_up.ask),
    Regular("recount of signatures", 60, recounting.remind),
    Regular("counting of answers", 600, counting.count),
    Regular("reminders of gatherings", 600, gathering_mails.remind),
    Regular("reminders of centres", 3600, checking.remind),
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
            woken = owed.is_set()
            owed.clear()
            await _tick(woken)
            await _pause(stop, BREATH)
            await _either(stop, owed, 1 - BREATH)
    finally:
        await _leave_off()
        await connection.close(timeout=2)


async def _tick(woken: bool) -> None:
    """Do what is due: relays here and now, everything else beside them and never twice at a time."""
    now = time.monotonic()
    for regular in REGULARS:
        if now - regular.last < regular.seconds and not (woken and regular.is_relay):
            continue
        if regular.is_relay:
            regular.last = now
            await _do(regular)
        elif not regular.is_under_way:
            regular.last = now
            regular.under_way = asyncio.create_task(_do(regular))


async def _do(regular: Regular) -> None:
    """Do it once. What goes wrong is logged by its kind and is no reason for the clock to stop."""
    try:
        await regular.deed()
    except (Unavailable, *database.UNREACHABLE) as error:
        log.warning("The %s must wait: %s.", regular.name, type(error).__name__)
    except Exception as bug:
        log.error("The %s went wrong: %s.", regular.name, type(bug).__name__, exc_info=bug)


async def _leave_off() -> None:
    """Another clock may be elected in a moment, so nothing of this one goes on."""
    tasks = [regular.under_way for regular in REGULARS if regular.under_way]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


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
