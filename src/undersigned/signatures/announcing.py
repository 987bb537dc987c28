"""A count that has moved, told to every web process through Redis, so that nobody waits for a page to expire.

PostgreSQL holds the count and Redis only calls it out: what was heard is good for a second, and whoever hears
nothing reads the record once a second.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import AsyncIterator, Mapping

import redis

from undersigned.kit import database
from undersigned.kit.redis_client import async_client

CHANNEL = "counts"
GOOD_FOR = 1.0
PATIENCE = 0.2
"""Seconds. A Redis that does not answer may not keep anybody waiting for a number that is already counted."""
_heard: dict[int, tuple[int, float]] = {}
log = logging.getLogger(__name__)


async def tell(counts: Mapping[int, int]) -> None:
    """Call out the new count of each campaign, by its id; call it after the commit."""
    try:
        async with asyncio.timeout(PATIENCE), async_client().pipeline(transaction=False) as calls:
            for campaign_id, count in counts.items():
                calls.publish(CHANNEL, f"{campaign_id} {count}")
            await calls.execute()
    except (redis.RedisError, TimeoutError):
        log.warning("Redis is away; new counts are seen when pages expire.")


async def tell_again(campaign_id: int) -> None:
    """Call out the count as the record has it now."""
    row = await database.fetch_one("SELECT signature_count FROM campaign WHERE id = $1", campaign_id)
    if row:
        await tell({campaign_id: row["signature_count"]})


def latest(campaign_id: int, read: int) -> int:
    """The count that was called out within the last second, else ``read``, which comes from the record."""
    count, until = _heard.get(campaign_id, (read, 0.0))
    return count if until > time.monotonic() else read


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[None]:
    """Listen for as long as the application runs."""
    ear = asyncio.create_task(_listen())
    try:
        yield
    finally:
        ear.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ear


async def _listen() -> None:
    while True:
        try:
            async with async_client().pubsub() as calls:
                await calls.subscribe(CHANNEL)
                while True:
                    _hear(await calls.get_message(ignore_subscribe_messages=True, timeout=GOOD_FOR))
        except (redis.RedisError, OSError):
            await asyncio.sleep(GOOD_FOR)


def _hear(message: dict[str, bytes] | None) -> None:
    """Take note of two numbers; whatever else somebody says on this channel is not for us."""
    told = re.fullmatch(rb"(\d{1,9}) (\d{1,9})", message["data"]) if message else None
    if told:
        _heard[int(told[1])] = (int(told[2]), time.monotonic() + GOOD_FOR)


def forget() -> None:
    """What was heard, for when the record has been emptied."""
    _heard.clear()
