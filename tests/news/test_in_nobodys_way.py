"""News to many stands in the way of no message that a single person waits for."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

import front_door
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import leases, outbox


async def test_a_confirmation_is_lent_at_once_however_much_bulk_mail_is_due(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await many_mails(2_000)
    assert await leases.relay(outbox.OWED_TO_MANY) == outbox.MOST_OF_MANY
    assert await leases.relay(outbox.OWED_TO_MANY) == 0
    await front_door.sign(client, campaign)
    assert await leases.relay(outbox.OWED) == 1
    lent = await db.fetch("SELECT kind FROM mail WHERE leased_until IS NOT NULL AND mailing IS NULL")
    assert [row["kind"] for row in lent] == ["confirmation"]


async def test_a_worker_sends_a_confirmation_before_the_bulk_mail_that_came_before_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    bulk = outbox.MOST_OF_MANY
    await many_mails(bulk)
    assert await leases.relay(outbox.OWED_TO_MANY) == bulk
    await front_door.sign(client, campaign)
    assert await leases.relay(outbox.OWED) == 1
    with a_worker():
        async with asyncio.timeout(60):
            while not (row := await db.fetch_one(_BEFORE)):
                await asyncio.sleep(0.02)
    assert row["n"] < bulk / 2, "The confirmation stood in line behind the bulk mail."


_BEFORE = """
    SELECT (SELECT count(*) FROM mail WHERE dead_at < confirmation.sent_at) AS n
    FROM mail AS confirmation WHERE kind = 'confirmation' AND sent_at IS NOT NULL
"""


@contextmanager
def a_worker() -> Iterator[None]:
    """A worker process with one thread, on the tests' own servers."""
    command = [sys.executable, "-m", "undersigned.commands", "worker"]
    process = subprocess.Popen(command, env=os.environ | {"WORKER_THREADS": "1"}, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


async def many_mails(size: int) -> None:
    """So much bulk mail that nobody is left to read: sending it is to find that there is nothing to say."""
    await db.execute(
        """INSERT INTO mail (kind, about, mailing, recipient, message_id, created_at, due_at, attempts,
               last_answer)
           SELECT 'update', 1000000 + n, 99, 'p' || n || '@example.org', '<' || n || '@test.example.org>',
               now(), now(), 0, '' FROM generate_series(1, $1) AS n""",
        size,
    )
