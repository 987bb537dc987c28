"""What the house tests need of their own: databases with nothing in them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from undersigned.settings import settings


@pytest.fixture
async def new_database() -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Make an empty database of that name and answer its address; it goes when the test ends."""
    server = await asyncpg.connect(settings.database_url)
    made: list[str] = []

    async def make(name: str) -> str:
        await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.execute(f"CREATE DATABASE {name}")
        made.append(name)
        return urlunsplit(urlsplit(settings.database_url)._replace(path=f"/{name}"))

    yield make
    for name in made:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()
