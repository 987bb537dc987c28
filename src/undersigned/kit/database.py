"""One transaction an action; after_commit.

Piccolo's builder joins the transaction by itself; :func:`fetch` and :func:`execute` run the SQL that it
cannot say, on the same connection.
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import asyncpg

os.environ.setdefault("PICCOLO_CONF", "undersigned.piccolo_conf")

from piccolo.engine.postgres import PostgresEngine

from undersigned.kit.errors import Unavailable
from undersigned.piccolo_conf import DB

POOL_SIZE = 10
UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What the driver raises when the server is away, starting or stopping.

The last comes from a connection that was told goodbye and does not know yet that its line is gone.
"""

_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar("afterwards", default=None)


def engine() -> PostgresEngine:
    """The one engine of this process."""
    return DB


async def connect() -> None:
    """Open the pool; without one Piccolo would open a connection for every query."""
    await DB.start_connection_pool(min_size=1, max_size=POOL_SIZE)


async def disconnect() -> None:
    """Close the pool, waiting for what is under way."""
    await DB.close_connection_pool()


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Everything inside commits together or not at all.

    Transactions do not nest, and no task may be started inside one: the connection travels in a context
    variable. Work handed to :func:`after_commit` runs once the commit has succeeded. Raises Unavailable
    when the database cannot be reached.
    """
    if _afterwards.get() is not None:
        raise RuntimeError("A transaction was opened inside another.")
    hooks: list[Callable[[], None]] = []
    mark = _afterwards.set(hooks)
    try:
        async with DB.transaction():
            yield
    except UNREACHABLE as error:
        raise Unavailable("The database cannot be reached.") from error
    finally:
        _afterwards.reset(mark)
    for hook in hooks:
        hook()


def after_commit(hook: Callable[[], None]) -> None:
    """Run ``hook`` when the transaction we are in has committed; at once when there is none."""
    hooks = _afterwards.get()
    if hooks is None:
        hook()
    else:
        hooks.append(hook)


async def fetch(sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows of one statement with ``$1`` places, as dictionaries."""
    async with _connection() as connection:
        return [dict(row) for row in await connection.fetch(sql, *values)]


async def fetch_one(sql: str, *values: object) -> dict[str, Any] | None:
    """The first row of :func:`fetch`, or None."""
    rows = await fetch(sql, *values)
    return rows[0] if rows else None


async def execute(sql: str, *values: object) -> int:
    """Run one statement and say how many rows it touched."""
    async with _connection() as connection:
        tag: str = await connection.execute(sql, *values)
    last = tag.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


@asynccontextmanager
async def _connection() -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    running = DB.current_transaction.get()
    if running is not None:
        yield running.connection
        return
    if DB.pool is None:
        raise RuntimeError("The database was used before connect().")
    try:
        async with DB.pool.acquire() as connection:
            yield connection
    except UNREACHABLE as error:
        raise Unavailable("The database cannot be reached.") from error
