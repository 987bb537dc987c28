"""Lines to the mail server: one for many messages, encrypted where it can be, and few for one domain."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import asyncpg
import pytest

from mail_server import MailServer
from undersigned.kit import database as db
from undersigned.kit import doors, mail, smtp
from undersigned.settings import settings


def message(number: int) -> EmailMessage:
    """A short message."""
    made = mail.blank(f"<{number}@example.org>")
    made["From"], made["To"] = "hello@example.org", "amina@example.org"
    made.set_content("It is dark at that stop.")
    return made


async def hand_over(number: int = 1, recipient: str = "amina@example.org") -> mail.Answer:
    """One message, to Amina unless told otherwise."""
    return await mail.hand_over(message(number), "bounces@example.org", recipient)


async def test_many_messages_one_after_another_go_over_one_line(server: MailServer) -> None:
    for number in range(5):
        await hand_over(number)
    assert (len(server.taken), server.lines) == (5, 1)


async def test_a_line_is_good_for_the_next_message_after_a_refusal(server: MailServer) -> None:
    server.at_rcpt, server.only_for = "550 5.1.1 Nobody", "nobody@example.org"
    with pytest.raises(mail.Rejected):
        await hand_over(1, "nobody@example.org")
    await hand_over(2)
    assert [taken.recipients for taken in server.taken] == [["amina@example.org"]]
    assert server.lines == 1


async def test_an_idle_line_that_was_cut_is_replaced_without_anybody_noticing(server: MailServer) -> None:
    await hand_over(1)
    await server.stop()
    await server.start()
    await hand_over(2)
    assert (len(server.taken), server.lines) == (2, 2)


async def test_an_idle_line_that_the_server_is_tired_of_is_replaced(server: MailServer) -> None:
    await hand_over(1)
    server.at_mail_once = "421 4.7.0 Too many messages on this line"
    await hand_over(2)
    assert (len(server.taken), server.lines) == (2, 2)


async def test_a_line_ends_after_a_hundred_messages_and_when_nobody_needs_it(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "MOST_ON_A_LINE", 2)
    monkeypatch.setattr(smtp, "IDLE_SECONDS", 0.05)
    for number in range(3):
        await hand_over(number)
    assert server.lines == 2
    async with asyncio.timeout(5):
        while server.open_lines:
            await asyncio.sleep(0.01)


async def test_few_lines_at_a_time_are_for_one_domain_and_others_need_not_wait(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_per_domain", 2)
    server.silent_at, server.silent_for = "RCPT", "parliament.example"
    crowd = [asyncio.create_task(hand_over(number, f"mp{number}@PARLIAMENT.example")) for number in range(6)]
    await server.reached.wait()
    await hand_over(10, "amina@example.org")
    assert len(server.taken) == 1
    assert server.lines <= 3
    server.speak.set()
    await asyncio.gather(*crowd)
    assert len(server.taken) == 7
    assert server.lines <= 3


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """Of the kind that anybody can make at home."""
    key, made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=mx.example.org",
    ]
    subprocess.run([*command, "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


async def test_a_server_without_tls_is_waited_for_when_we_insist(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_tls", "required")
    with pytest.raises(mail.Postponed, match="nothing was accepted"):
        await hand_over()
    assert server.asked == []


async def test_tls_is_spoken_when_we_insist_and_the_server_can(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, certificate: ssl.SSLContext
) -> None:
    monkeypatch.setattr(settings, "mail_tls", "required")
    server.tls = certificate
    await hand_over(1)
    await hand_over(2)
    assert [taken.encrypted for taken in server.taken] == [True, True]
    assert server.lines == 1


async def test_where_tls_is_offered_it_is_taken_and_a_certificate_that_nobody_vouches_for_ends_it(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, certificate: ssl.SSLContext
) -> None:
    monkeypatch.setattr(smtp, "LOOPBACK", set())
    await hand_over(1)
    server.tls = certificate
    await smtp.hang_up()
    with pytest.raises(
        mail.Postponed, match=r"cannot be trusted \(self.signed certificate\): nothing was accepted"
    ):
        await hand_over(2)
    assert len(server.taken) == 1


async def test_tls_that_fails_is_no_reason_to_go_without(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_tls", "required")
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # It has no certificate, so no handshake succeeds.
    with pytest.raises(mail.Postponed, match="nothing was accepted"):
        await hand_over()
    assert server.taken == []


@pytest.fixture
async def another_worker(database: None) -> AsyncIterator[asyncpg.Connection]:
    """The line of another worker to PostgreSQL, on which it holds its places."""
    line = await asyncpg.connect(dsn=settings.database_url)
    yield line
    line.terminate()


async def takes(worker: asyncpg.Connection, domain: str, number: int) -> None:
    """The worker has this place at a domain's door."""
    assert await worker.fetchval("SELECT pg_try_advisory_lock(hashtext($1), $2)", domain, number)


async def test_what_another_worker_hands_over_counts_too_and_one_that_is_killed_lets_go(
    server: MailServer, another_worker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_per_domain", 2)
    for number in range(2):
        await takes(another_worker, "parliament.example", number)
    waits = asyncio.create_task(hand_over(1, "harriet@parliament.example"))
    await hand_over(2)
    assert [taken.recipients for taken in server.taken] == [["amina@example.org"]]
    assert not waits.done()
    another_worker.terminate()
    await asyncio.wait_for(waits, 5)
    assert len(server.taken) == 2


async def test_a_place_that_is_left_is_free_for_another_worker(
    server: MailServer, another_worker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_per_domain", 1)
    await hand_over()
    server.at_rcpt = "550 5.1.1 Nobody"
    with pytest.raises(mail.Rejected):
        await hand_over()
    await takes(another_worker, "example.org", 0)


async def test_who_waits_too_long_for_a_place_is_put_back_and_nobody_was_asked(
    server: MailServer, another_worker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_per_domain", 1)
    monkeypatch.setattr(doors, "PATIENCE", 0.2)
    await takes(another_worker, "example.org", 0)
    said = await asyncio.gather(hand_over(1), hand_over(2), return_exceptions=True)
    assert [type(no) for no in said] == [mail.Crowded, mail.Crowded]
    assert server.lines == 0


@pytest.mark.parametrize("when", ["under way", "idle"])
async def test_a_line_to_postgresql_that_breaks_takes_no_place_with_it_and_delays_nothing(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(settings, "mail_per_domain", 1)
    server.silent_at = "RCPT"
    under_way = asyncio.create_task(hand_over(1))
    await server.reached.wait()
    (held,) = await db.fetch("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
    if when == "under way":
        await db.execute("SELECT pg_terminate_backend($1)", held["pid"])
    server.silent_at = ""
    server.speak.set()
    await under_way
    await db.execute("SELECT pg_terminate_backend($1)", held["pid"])
    for number in (2, 3):
        await hand_over(number)
    assert len(server.taken) == 3


@pytest.mark.parametrize(
    ("said", "pause", "why"),
    [
        ("421 4.3.2 Too busy\r\n", 0.0, "421"),
        ("220 mx.example.org at your service, in a while\r\n", 0.05, "nothing was"),
    ],
)
async def test_who_is_busy_or_speaks_a_letter_at_a_time_is_called_again_later(
    database: None, monkeypatch: pytest.MonkeyPatch, said: str, pause: float, why: str
) -> None:
    async def talk(_: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        for letter in said:
            line.write(letter.encode())
            await asyncio.sleep(pause)
        line.close()

    slow = await asyncio.start_server(talk, "127.0.0.1", 0)
    monkeypatch.setattr(settings, "mail_url", f"smtp://127.0.0.1:{slow.sockets[0].getsockname()[1]}")
    monkeypatch.setattr(smtp, "WHOLE_CONVERSATION_SECONDS", 0.5)
    with pytest.raises(mail.Postponed, match=why):
        await hand_over()
    slow.close()
    await slow.wait_closed()
