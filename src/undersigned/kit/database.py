"""One transaction an action, and SQL with ``$1`` places.

Piccolo's builder joins the transaction by itself; :func:`fetch` and :func:`execute` run the SQL that it
cannot say, on the same connection.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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


def engine() -> PostgresEngine:
    """The one engine of this process, for migrations."""
    return DB


async def connect() -> None:
    """Open the pool; without one Piccolo would open a connection for every query."""
    await DB.start_connection_pool(min_size=1, max_size=POOL_SIZE, reset=_as_it_was)


async def _as_it_was(connection: object) -> None:
    """Nothing of ours changes a session, so there is nothing to undo before somebody else takes it."""


async def disconnect() -> None:
    """Close the pool, waiting for what is under way."""
    await DB.close_connection_pool()


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Everything inside commits together or not at all.

    Transactions do not nest, and no task may be started inside one: the connection travels in a context
    variable. Raises Unavailable when the database cannot be reached. An OSError of what is done inside, such
    as that of a file, stays what it is: the driver has names of its own for a line that breaks.
    """
    if DB.transaction_exists():
        raise RuntimeError("A transaction was opened inside another.")
    inside: OSError | None = None
    try:
        async with _begun():
            try:
                yield
            except OSError as error:
                inside = error
                raise
    except UNREACHABLE as error:
        if error is inside:
            raise
        raise Unavailable("The database cannot be reached.") from error


@asynccontextmanager
async def _begun() -> AsyncIterator[None]:
    """Piccolo's transaction, which is over when this ends: when its line broke, Piccolo forgets to say so."""
    running = DB.transaction()
    try:
        async with running:
            yield
    finally:
        DB.current_transaction.set(None)
        if DB.pool and hasattr(running, "connection"):
            await DB.pool.release(running.connection)


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
