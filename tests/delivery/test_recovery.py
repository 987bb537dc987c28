"""A worker that dies in the middle of a letter: before the message is given it goes again, after that never."""

import asyncio
import os
import sys
from typing import Any

import httpx
import pytest

import front_door
import work
from mail_server import MailServer
from undersigned.delivery import recovering
from undersigned.kit import database as db
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("letter_page", "live")

DELIVER = """
import asyncio
from undersigned.kit import database
from undersigned.delivery import sending

async def deliver():
    await database.connect()
    await sending.deliver(1)

asyncio.run(deliver())
"""


async def killed_at(server: MailServer, command: str) -> None:
    """A worker of its own takes the letter, and is killed while the mail server considers ``command``."""
    server.silent_at = command
    environment = os.environ | {"MAIL_URL": server.url, "DATABASE_URL": settings.database_url}
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", DELIVER, env=environment)
    try:
        await asyncio.wait_for(server.reached.wait(), 30)
    finally:
        worker.kill()
        await worker.wait()
    server.silent_at = ""


async def record() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The letter, and every attempt."""
    return await front_door.row("SELECT * FROM letter"), await db.fetch("SELECT * FROM delivery ORDER BY id")


async def test_killed_before_the_message_was_given_it_goes_again_under_the_same_name(server: MailServer) -> None:
    await killed_at(server, "RCPT")
    letter, (attempt,) = await record()
    assert (letter["state"], attempt["outcome"], attempt["handed_at"]) == ("sending", "", None)
    await work.settle()
    assert server.taken == []
    await db.execute("UPDATE letter SET leased_until = now() - interval '1 second'")
    assert await recovering.recover() == 1
    await work.settle()
    (taken,) = server.taken
    assert taken.message["Message-ID"] == letter["message_id"]
    letter, attempts = await record()
    assert letter["state"] == "sent"
    assert [attempt["outcome"] for attempt in attempts] == ["postponed", "accepted"]


async def test_killed_after_the_message_was_given_it_is_unknown_and_not_sent_twice(
    client: httpx.AsyncClient, letter_page: str, server: MailServer
) -> None:
    await killed_at(server, "DATA")
    _, (attempt,) = await record()
    assert attempt["handed_at"] is not None
    await db.execute("UPDATE letter SET leased_until = now() - interval '1 second'")
    assert await recovering.recover() == 1
    await front_door.time_passes()
    await work.settle()
    assert await recovering.recover() == 0
    letter, (attempt,) = await record()
    assert (letter["state"], attempt["outcome"]) == ("sent", "unknown")
    assert len(server.taken) == 1
    assert "It has probably arrived" in (await client.get(letter_page)).text


async def test_a_letter_that_is_still_being_worked_on_is_left_alone(server: MailServer) -> None:
    server.silent_at = "RCPT"
    at_work = asyncio.create_task(work.settle())
    await asyncio.wait_for(server.reached.wait(), 10)
    assert await recovering.recover() == 0
    server.speak.set()
    await at_work
    letter, (attempt,) = await record()
    assert (letter["state"], attempt["outcome"], len(server.taken)) == ("sent", "accepted", 1)


async def test_recovering_twice_at_once_is_recovering_once(server: MailServer) -> None:
    await killed_at(server, "RCPT")
    await db.execute("UPDATE letter SET leased_until = now() - interval '1 second'")
    await asyncio.gather(*(recovering.recover() for _ in range(4)))
    await work.settle()
    assert len(server.taken) == 1
