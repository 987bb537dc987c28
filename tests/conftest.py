"""Real servers for every test: PostgreSQL and Valkey of our own, a Maildir, and a clean database each time."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from command_line import Run

VAR = Path(tempfile.mkdtemp(prefix="undersigned-test-"))
for name in ("DATABASE_URL", "REDIS_URL", "MAIL_URL", "BASE_URL", "DEMO"):
    os.environ.pop(name, None)
os.environ |= {
    "UNDERSIGNED_VAR": str(VAR),
    "BASE_URL": "http://test.example.org",
    "SECRET_KEY": "a key for the tests and for nothing else",
    "OPERATOR_EMAIL": "operator@example.org",
    "LETTERS_AN_HOUR": "0",
}
_servers = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before any test module imports what wants their addresses."""
    from undersigned import servers

    _servers.enter_context(servers.ready())


def pytest_unconfigure(config: pytest.Config) -> None:
    _servers.close()
    shutil.rmtree(VAR, ignore_errors=True)


@pytest.fixture(scope="session")
async def migrated() -> AsyncIterator[None]:
    """The tables, made by the migrations that a real installation runs, and the pool."""
    from undersigned.kit import database, migrating

    await migrating.migrate()
    await database.connect()
    yield
    await database.disconnect()


@pytest.fixture
async def database(migrated: None) -> AsyncIterator[None]:
    """An empty database, an empty Redis, an empty Maildir, and the demo's forty postcodes."""
    from undersigned.answers import routes as answers
    from undersigned.campaigns import finding
    from undersigned.dashboards import routes as dashboards
    from undersigned.front import routes as front
    from undersigned.kit import database, mail
    from undersigned.kit.redis_client import client as redis_client
    from undersigned.open_data import metrics, queues
    from undersigned.open_data import routes as open_data
    from undersigned.postcodes import facts, index
    from undersigned.signatures import announcing, gatherings, lists
    from undersigned.supporters import consents

    rows = await database.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
    )
    tables = ", ".join(f'"{row["tablename"]}"' for row in rows)
    await database.execute(f"TRUNCATE {tables} RESTART IDENTITY")
    redis_client().flushdb()
    shutil.rmtree(mail.maildir_path(), ignore_errors=True)
    consents.forget()
    announcing.forget()
    finding.shelf.forget()
    lists.shelf.forget()
    dashboards.shelf.forget()
    answers.campaigns_shelf.forget()
    answers.members_shelf.forget()
    front.shelf.forget()
    gatherings.shelf.forget()
    open_data.shelf.forget()
    queues.shelf.forget()
    metrics.shelf.forget()
    if index.current().release != facts.DEMO_RELEASE:
        facts.write_index(index.path())
        index.look_again()
    yield


@pytest.fixture
def run(tmp_path: Path) -> "Run":
    """The command line in an empty folder, with a var of its own, on the servers of the tests."""
    from command_line import within

    return within(tmp_path)


@pytest.fixture
async def client(database: None) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor: the whole application, without a network between us."""
    from undersigned.app import app

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test.example.org") as visitor:
        yield visitor
