"""What a mail server may say to a letter, and when: what becomes of the letter, and what its people read."""

import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import make
import work
from front_door import row, time_passes
from mail_server import MailServer
from undersigned.delivery import sending
from undersigned.kit import doors, smtp
from undersigned.letters import writing
from undersigned.letters.tables import Letter
from undersigned.settings import settings

HARRIET = "harriet.vale.mp@example.org"
PUT_BACK = "Tried, and put back in the queue"
pytestmark = pytest.mark.usefixtures("live")


@pytest.fixture
async def letter(client: httpx.AsyncClient, server: MailServer) -> Letter:
    """Amina's, in the queue, and whatever the server says is said about Harriet Vale alone."""
    server.only_for = HARRIET
    return await make.letter(state="ready", sent_at=None, due_at=datetime.now(UTC))


async def tried(letter: Letter, outcome: str) -> dict[str, Any]:
    """The one attempt with this outcome, which the worker has just made."""
    await work.settle()
    return await row("SELECT * FROM delivery WHERE letter = $1 AND outcome = $2", letter.id, outcome)


async def now(letter: Letter) -> dict[str, Any]:
    """The letter as it is."""
    return await row("SELECT * FROM letter WHERE id = $1", letter.id)


async def page(client: httpx.AsyncClient, letter: Letter) -> str:
    """What its writer reads."""
    return (await client.get(writing.url_of(letter.id).removeprefix(settings.base_url))).text


LATER = [
    ("at_connect", "421 4.3.2 Too busy"),
    ("at_connect", "554 5.3.2 No service here"),
    *(
        (where, answer)
        for where in ("at_mail", "at_rcpt", "at_data")
        for answer in ("421 4.3.2 Closing", "450 4.2.1 Greylisted", "451 4.3.0 Local trouble", "452 4.3.1 No room")
    ),
]


@pytest.mark.parametrize(("where", "answer"), LATER)
async def test_not_now_puts_it_back_and_it_goes_when_the_server_will(
    client: httpx.AsyncClient, server: MailServer, letter: Letter, where: str, answer: str
) -> None:
    setattr(server, where, answer)
    attempt = await tried(letter, "postponed")
    assert attempt["answer"] == answer
    assert bool(attempt["handed_at"]) == (where == "at_data")
    waiting = await now(letter)
    assert (waiting["state"], waiting["attempts"]) == ("ready", 1)
    assert timedelta(seconds=30) < waiting["due_at"] - datetime.now(UTC) < timedelta(seconds=80)
    assert PUT_BACK in await page(client, letter)
    setattr(server, where, "" if where == "at_connect" else "250 Taken")
    await time_passes()
    assert (await tried(letter, "accepted"))["code"] == 250
    assert [taken.message["Message-ID"] for taken in server.taken] == [letter.message_id]


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
@pytest.mark.parametrize("answer", ["550 5.1.1 Nobody here", "554 5.7.1 Not this one"])
async def test_never_ends_it_and_the_writer_reads_so(
    client: httpx.AsyncClient, server: MailServer, letter: Letter, where: str, answer: str
) -> None:
    setattr(server, where, answer)
    attempt = await tried(letter, "rejected")
    code, _, words = answer.partition(" ")
    assert (attempt["code"], attempt["answer"]) == (int(code), words)
    assert (await now(letter))["state"] == "failed"
    assert "It did not arrive" in await page(client, letter)


async def test_a_full_mailbox_is_tried_again_after_two_hours_and_for_a_week(
    client: httpx.AsyncClient, server: MailServer, letter: Letter
) -> None:
    server.at_rcpt = "552 5.2.2 Mailbox full"
    await tried(letter, "postponed")
    assert (await now(letter))["due_at"] - datetime.now(UTC) > timedelta(minutes=119)
    await row("UPDATE letter SET due_at = now(), confirmed_at = now() - interval '8 days' RETURNING id")
    await work.settle()
    failed = await now(letter)
    assert (failed["state"], failed["reason"]) == ("failed", sending.STAYED_FULL)
    assert "full for seven days" in await page(client, letter)
    assert await row("SELECT failing_since FROM representative") == {"failing_since": None}


@pytest.mark.parametrize("when", ["before the message", "after the message"])
async def test_a_line_that_drops_while_the_message_is_given_leaves_a_doubt_and_sends_nothing_twice(
    client: httpx.AsyncClient, server: MailServer, letter: Letter, when: str
) -> None:
    server.hangs_up = when
    attempt = await tried(letter, "unknown")
    assert "The line went dead" in attempt["answer"]
    server.hangs_up = ""
    await time_passes()
    await work.settle()
    assert len(server.taken) == (when == "after the message")
    assert (await now(letter))["state"] == "sent"
    assert "not sent twice" in await page(client, letter)


async def test_a_server_that_drips_is_not_waited_for_all_day(
    client: httpx.AsyncClient, server: MailServer, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "WHOLE_CONVERSATION_SECONDS", 0.5)
    server.drips = 0.1
    attempt = await tried(letter, "postponed")
    assert attempt["handed_at"] is None
    assert "nothing was accepted" in attempt["answer"]
    assert PUT_BACK in await page(client, letter)
    server.drips = 0


async def test_encryption_that_fails_is_told_in_words_and_nothing_is_sent_in_the_clear(
    client: httpx.AsyncClient, server: MailServer, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_tls", "required")
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # It has no certificate, so no handshake succeeds.
    attempt = await tried(letter, "postponed")
    assert attempt["answer"] == "No encrypted line to our mail server could be agreed: nothing was accepted."
    assert server.asked == []
    assert (await now(letter))["state"] == "ready"


async def test_a_letter_that_finds_its_domain_crowded_is_put_back_for_seconds_and_no_try_has_failed(
    client: httpx.AsyncClient, server: MailServer, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_per_domain", 1)
    monkeypatch.setattr(doors, "PATIENCE", 0.1)
    async with doors.place("example.org"):
        attempt = await tried(letter, "postponed")
    assert "on their way to this domain already" in attempt["answer"]
    waiting = await now(letter)
    assert (waiting["state"], waiting["attempts"], server.asked) == ("ready", 0, [])
    assert waiting["due_at"] - datetime.now(UTC) < timedelta(seconds=16)
