"""Letters through a real mail server: they arrive signed, what comes back is told, and replies come home."""

import asyncio
import smtplib
import subprocess
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path

import dkim
import httpx
import pytest

import front_door
import make
import postfix
import work
from installation import free_port
from news import readers
from postfix import Postfix
from staff.visits import sign_in
from undersigned.delivery import addresses, failing
from undersigned.kit import database as db
from undersigned.kit import dkim as signing
from undersigned.kit import smtp
from undersigned.letters.tables import Letter
from undersigned.responses import reception
from undersigned.settings import settings

MAILROOM_PORT = free_port()


@pytest.fixture(scope="module")
def mta() -> Iterator[Postfix]:
    """One Postfix for all of these tests."""
    with postfix.running(MAILROOM_PORT) as server:
        yield server


@pytest.fixture
async def mailroom(database: None) -> AsyncIterator[None]:
    """Our own door, to which it brings what is for us."""
    door = await reception.open_door("127.0.0.1", MAILROOM_PORT)
    yield
    door.close()
    reception.hang_up()
    await door.wait_closed()


@pytest.fixture(autouse=True)
async def _live(mta: Postfix, live: None, mailroom: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Delivery is live, over Postfix, with empty mailboxes."""
    mta.empty()
    monkeypatch.setattr(settings, "mail_url", mta.url)
    yield
    await smtp.hang_up()


async def a_letter(mp: str) -> Letter:
    """Amina's, ready to go to a member at this address."""
    harriet = await make.mp(email=f"{mp}@example.org")
    return await make.letter(state="ready", sent_at=None, representative=harriet, reply_to="tracked")


async def comes(mta: Postfix, who: str) -> EmailMessage:
    """The first message in somebody's mailbox, once it is there."""
    (message, *_) = await asyncio.to_thread(mta.arrived, who)
    return message


async def brought_home() -> None:
    """Postfix has brought us a mail, and we have read it."""
    async with asyncio.timeout(20):
        while not await db.fetch("SELECT 1 FROM inbound_mail"):
            await asyncio.sleep(0.05)
    await work.settle()


async def state_of(letter: Letter) -> tuple[str, str]:
    row = await db.fetch_one("SELECT state, reason FROM letter WHERE id = $1", letter.id)
    assert row is not None
    return row["state"], row["reason"]


async def test_a_letter_arrives_with_a_signature_that_its_bytes_bear_out(
    mta: Postfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
    monkeypatch.setattr(settings, "dkim_key", str(key))
    letter = await a_letter("harriet.vale.mp")
    await work.settle()
    message = await comes(mta, "harriet.vale.mp")
    assert message["Message-ID"] == letter.message_id
    assert message["Return-Path"] == f"<{addresses.tracked(letter.id)}>"
    raw = mta.raw("harriet.vale.mp")
    record = signing.record()[1].encode()
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)
    assert not dkim.verify(raw.replace(b"dark", b"bright"), dnsfunc=lambda name, timeout=5: record)
    assert await state_of(letter) == ("sent", "")


async def test_a_mailbox_that_is_not_there_fails_at_once_and_everybody_is_told(mta: Postfix) -> None:
    letter = await a_letter("nobody")
    await work.settle()
    assert await state_of(letter) == ("failed", "The MP's mail server refused the letter.")
    assert "did not arrive" in (await comes(mta, "amina"))["Subject"]
    assert "comes back" in (await comes(mta, "operator"))["Subject"]
    (attempt,) = await db.fetch("SELECT outcome, code FROM delivery")
    assert (attempt["outcome"], attempt["code"]) == ("rejected", 550)


async def test_what_is_taken_and_sent_back_later_comes_home_as_a_failure(mta: Postfix) -> None:
    letter = await a_letter("later.nobody")
    other = await make.letter(state="ready", sent_at=None, email="b@example.org", due_at=None)
    await work.settle()
    assert await db.fetch("SELECT outcome FROM delivery") == [{"outcome": "accepted"}]
    await brought_home()
    state, reason = await state_of(letter)
    assert state == "failed"
    assert "5.1.1" in reason
    assert await state_of(other) == ("held", failing.REASON)
    assert "did not arrive" in (await comes(mta, "amina"))["Subject"]


async def test_an_answer_comes_home_and_is_passed_on(client: httpx.AsyncClient, mta: Postfix) -> None:
    letter = await a_letter("harriet.vale.mp")
    await work.settle()
    asked = await comes(mta, "harriet.vale.mp")
    answer = EmailMessage()
    answer["From"], answer["To"] = "Harriet Vale MP <harriet.vale.mp@example.org>", asked["From"]
    answer["Subject"], answer["Message-ID"] = f"Re: {asked['Subject']}", "<answer@example.org>"
    answer["In-Reply-To"] = asked["Message-ID"]
    answer.set_content(
        "Dear Amina,\n\nThank you for your letter about the light at the bus stop. I have written to the council, "
        "which tells me that the work will be done in March. I shall see to it.\n\nHarriet Vale"
    )
    await asyncio.to_thread(_send, mta.port, answer)
    await brought_home()
    (response,) = await db.fetch("SELECT kind, letter FROM response")
    assert (response["kind"], response["letter"]) == ("answer", letter.id)
    passed_on = await comes(mta, "amina")
    assert "March" in work.text_of(passed_on)


async def test_news_that_is_sent_back_later_ends_the_news_to_that_mailbox(
    client: httpx.AsyncClient, mta: Postfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make.campaign(slug="light")
    with monkeypatch.context() as before:
        before.setattr(settings, "mail_url", f"maildir:{settings.var / 'mail'}")
        for name, address in (("Amina Rahman", "amina"), ("Tom Ackroyd", "later.nobody")):
            typed = {"name": name, "email": f"{address}@example.org", "wants_updates": "yes"}
            await front_door.counted(client, campaign, **typed)
        await sign_in(client)
    await readers.news(campaign)
    await readers.ask(client)
    await work.settle()
    assert "The council has answered" in (await comes(mta, "amina"))["Subject"]
    await brought_home()
    assert await db.fetch("SELECT outcome FROM inbound_mail") == [{"outcome": "bounce"}]
    await readers.news(campaign, title="More of it")
    page = (await client.get(f"{readers.DESK}/2")).text
    assert "E-mail it to 1 person" in page
    assert "1 more wants news and gets none" in page


def _send(port: int, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.send_message(message)
