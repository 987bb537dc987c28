"""How many messages at a time are for one recipient domain (MAIL_PER_DOMAIN), by all workers together.

A place at a domain's door is an advisory lock of PostgreSQL, on a line of its own in each worker: it outlives a
flushed Redis, and a worker that is killed lets go of it in that moment.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import sample, uniform
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import asyncpg

from undersigned.kit import database
from undersigned.kit.errors import Unavailable
from undersigned.settings import settings

PATIENCE = 10.0
"""Seconds to wait for a place. What has to wait longer is better put back than in a worker's hands."""
MOST_DOORS = 1_000


class Crowded(Exception):
    """No place came free in time."""


Line: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass
class _Door:
    """A domain's door as one worker sees it: who of its own comes next, and which places it has."""

    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    ours: set[int] = field(default_factory=set)
    left: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Porch:
    """What one event loop has: doors by their domain, and the line to PostgreSQL that its places are held on."""

    doors: dict[str, _Door] = field(default_factory=dict)
    line: "Line | None" = None
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)


_porches: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Porch]" = WeakKeyDictionary()


@asynccontextmanager
async def place(domain: str) -> AsyncIterator[None]:
    """Have one of the places at a domain's door for as long as this lasts; in a worker, first come first served.

    Raises Crowded when none comes free for PATIENCE seconds, and Unavailable without the database.
    """
    domain = domain.lower()
    line, number = await _take(domain)
    try:
        yield
    finally:
        await _leave(domain, line, number)


async def _take(domain: str) -> tuple[Line, int]:
    door, until = _door(domain), time.monotonic() + PATIENCE
    try:
        async with asyncio.timeout(PATIENCE):
            await door.queue.acquire()
    except TimeoutError:
        raise Crowded from None
    try:
        while True:
            door.left.clear()
            if found := await _free_place(domain, door):
                return found
            if time.monotonic() > until:
                raise Crowded
            await _until_one_leaves(door)
    finally:
        door.queue.release()


async def _free_place(domain: str, door: _Door) -> tuple[Line, int] | None:
    """A line that broke since it was used last gives way to a fresh one."""
    try:
        return await _ask_for_place(domain, door)
    except database.UNREACHABLE:
        try:
            return await _ask_for_place(domain, door)
        except database.UNREACHABLE as error:
            raise Unavailable("The database cannot be reached.") from error


async def _ask_for_place(domain: str, door: _Door) -> tuple[Line, int] | None:
    """A lock may be taken twice on one line, so those that are ours already are not asked for."""
    porch = _porch()
    async with porch.one_at_a_time:
        line = await _standing(porch)
        others = sorted(set(range(settings.mail_per_domain)) - door.ours)
        number = await _ask(line, _TAKE, domain, sample(others, len(others))) if others else None
        if number is None:
            return None
        door.ours.add(number)
        return line, number


_TAKE = "SELECT place FROM unnest($2::int[]) AS place WHERE pg_try_advisory_lock(hashtext($1), place) LIMIT 1"
_LEAVE = "SELECT pg_advisory_unlock(hashtext($1), $2)"


async def _until_one_leaves(door: _Door) -> None:
    """One of ours says so; those of other workers have to be asked about, now and then."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(uniform(0.02, 0.1)):  # noqa: S311
            await door.left.wait()


async def _leave(domain: str, line: Line, number: int) -> None:
    """A place whose line has broken is nobody's already."""
    porch, door = _porch(), _door(domain)
    if porch.line is line:
        door.ours.discard(number)
        with contextlib.suppress(*database.UNREACHABLE):
            async with porch.one_at_a_time:
                await _ask(line, _LEAVE, domain, number)
    door.left.set()


async def _standing(porch: _Porch) -> Line:
    """The line of before, or a fresh one, on which nothing is held."""
    if porch.line is None or porch.line.is_closed():
        for door in porch.doors.values():
            door.ours.clear()
        porch.line = await asyncpg.connect(dsn=settings.database_url)
    return porch.line


async def _ask(line: Line, sql: str, *values: object) -> Any:
    """Whoever is interrupted in the middle cannot know what it holds, so the line goes and all of it with that."""
    try:
        return await line.fetchval(sql, *values)
    except BaseException:
        line.terminate()
        raise


async def close() -> None:
    """Let go of the line, and of every place with it."""
    porch = _porch()
    if porch.line and not porch.line.is_closed():
        await porch.line.close(timeout=2)


def _porch() -> _Porch:
    return _porches.setdefault(asyncio.get_running_loop(), _Porch())


def _door(domain: str) -> _Door:
    doors = _porch().doors
    if len(doors) >= MOST_DOORS:
        for quiet in [name for name, door in doors.items() if not door.ours and not door.queue.locked()]:
            del doors[quiet]
    return doors.setdefault(domain, _Door())
