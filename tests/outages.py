"""Our own servers, out of reach for real, and back again."""

import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from undersigned.embedded import postgresql, valkey
from undersigned.kit import database
from undersigned.kit.errors import Unavailable
from undersigned.settings import settings


@contextmanager
def redis_away() -> Iterator[None]:
    """Valkey is stopped for as long as this lasts, and empty afterwards."""
    with valkey.start(settings.var) as server:
        os.kill(int((server.home / "server.pid").read_text()), signal.SIGTERM)
        deadline = time.monotonic() + 20
        while server.socket.exists():
            assert time.monotonic() < deadline, "Valkey did not stop."
            time.sleep(0.02)
        try:
            yield
        finally:
            server.ensure()


@asynccontextmanager
async def database_away() -> AsyncIterator[None]:
    """Every line to PostgreSQL is cut, and no new one can be had for as long as this lasts.

    It is not shut down, because after hundreds of tests that takes it the better part of a minute; being
    killed is what the tests of the whole journey do to it.
    """
    with postgresql.start(settings.var) as server:
        aside = Path(f"{server.socket}.aside")
        server.socket.rename(aside)
        try:
            await _cut_every_line()
            yield
        finally:
            aside.rename(server.socket)


async def _cut_every_line() -> None:
    """All the others first, and then the one that this is said on."""
    await database.fetch(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE usename = current_user AND pid <> pg_backend_pid()"""
    )
    with suppress(*database.UNREACHABLE, Unavailable):
        await database.fetch("SELECT pg_terminate_backend(pg_backend_pid())")
