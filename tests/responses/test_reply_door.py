"""The door and the drop folder: 250 only after the commit, and nothing for strangers' domains."""

import asyncio
import os
import time
from pathlib import Path

import aiosmtplib
import pytest

from responses import vendor_mails as mails
from responses.door import lines, smtp
from undersigned.kit import database as db
from undersigned.kit.errors import Unavailable
from undersigned.responses import arrival, drop_folder, mailroom, reception
from undersigned.responses.tables import InboundMail
from undersigned.settings import settings

TO = "letter-zzz@letters.example.org"
OFFICE = "harriet.vale.mp@example.org"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that cannot be reached."""

    async def arrive(raw: bytes, sender: str, recipients: list[str]) -> int | None:
        raise Unavailable

    monkeypatch.setattr(arrival, "arrive", arrive)


async def test_a_mail_over_smtp_is_stored_as_it_came(door: int, database: object) -> None:
    raw = mails.mail(TO).replace(b"\n", b"\r\n") + b"\r\n.. a line with dots\r\n"
    async with smtp(door) as peer:
        await peer.sendmail(OFFICE, [TO], raw)
    row = await InboundMail.objects().first()
    assert row is not None
    assert (row.raw, row.envelope_from, row.envelope_to, row.sorted_at) == (raw, OFFICE, [TO], None)


async def test_a_bounce_has_an_empty_sender(door: int, database: object) -> None:
    async with smtp(door) as peer:
        await peer.sendmail("", [TO], mails.exchange_bounce(TO))
    row = await InboundMail.objects().first()
    assert row is not None and row.envelope_from == ""


async def test_other_domains_are_refused(door: int) -> None:
    async with smtp(door) as peer:
        await peer.ehlo()
        await peer.mail(OFFICE)
        for address in ("someone@elsewhere.example", "x@letters.example.org.elsewhere.example", "postmaster"):
            with pytest.raises(aiosmtplib.SMTPRecipientRefused) as refusal:
                await peer.rcpt(address)
            assert (refusal.value.code, refusal.value.message[:5]) == (550, "5.1.1")


async def test_lmtp_gets_one_answer_for_each_recipient(door: int, database: object) -> None:
    async with lines(door) as peer:
        await peer.answer()
        assert (await peer.say("LHLO mx.letters.example.org")).startswith("250")
        assert (await peer.say(f"MAIL FROM:<{OFFICE}>")).startswith("250")
        assert (await peer.say(f"RCPT TO:<{TO}>")).startswith("250")
        assert (await peer.say("RCPT TO:<nobody@elsewhere.example>")).startswith("550")
        assert (await peer.say("RCPT TO:<hello@letters.example.org>")).startswith("250")
        assert (await peer.say("DATA")).startswith("354")
        assert (await peer.say(f"{mails.mail(TO).decode()}\r\n.".replace("\n", "\r\n"))).startswith("250")
        assert (await peer.answer()).startswith("250")
        assert (await peer.say("NOOP")).startswith("250")
        assert (await peer.say("QUIT")).startswith("221")
    row = await InboundMail.objects().first()
    assert row is not None and row.envelope_to == ["hello@letters.example.org", TO]


async def test_the_greeting_tells_no_version(door: int) -> None:
    async with lines(door) as peer:
        assert await peer.answer() == "220 letters.example.org ESMTP"


async def test_nobody_hears_250_while_the_database_is_away(door: int, away: None) -> None:
    async with smtp(door) as peer:
        with pytest.raises(aiosmtplib.SMTPDataError) as refusal:
            await peer.sendmail(OFFICE, [TO], mails.mail(TO))
    assert refusal.value.code == 451


async def test_a_database_that_hangs_gets_451_and_the_second_try_makes_one_row(
    door: int, database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "COMMIT_SECONDS", 0.3)
    async with smtp(door) as peer:
        async with db.transaction():
            await db.execute("LOCK TABLE inbound_mail")
            with pytest.raises(aiosmtplib.SMTPDataError) as refusal:
                await peer.sendmail(OFFICE, [TO], mails.mail(TO))
        assert refusal.value.code == 451
        assert await InboundMail.count() == 0
        await peer.sendmail(OFFICE, [TO], mails.mail(TO))
        await peer.sendmail(OFFICE, [TO], mails.mail(TO))
    assert await InboundMail.count() == 1


async def test_lmtp_hears_about_each_recipient_that_it_must_wait(door: int, away: None) -> None:
    async with lines(door) as peer:
        await peer.answer()
        await peer.say("LHLO mx")
        await peer.say("MAIL FROM:<>")
        for _ in range(2):
            await peer.say(f"RCPT TO:<{TO}>")
        await peer.say("DATA")
        answers = [await peer.say("Subject: x\r\n\r\nx\r\n."), await peer.answer()]
    assert [answer[:3] for answer in answers] == ["451", "451"]


async def test_what_is_too_large_is_refused(door: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with smtp(door) as peer:
        with pytest.raises(aiosmtplib.SMTPException):
            await peer.sendmail(OFFICE, [TO], b"x" * (reception.LARGEST + 1))
    async with lines(door) as line_peer:
        await line_peer.answer()
        await line_peer.say("EHLO mx")
        declared = f"MAIL FROM:<a@example.org> SIZE={reception.LARGEST + 1}"
        assert (await line_peer.say(declared)).startswith("552")


async def test_long_lines_and_eight_bits_are_taken(door: int, database: object) -> None:
    raw = mails.mail(TO, "ŵ" * 60_000)
    async with smtp(door) as peer:
        await peer.sendmail(OFFICE, [TO], raw)
    assert await InboundMail.count() == 1


def drop(folder: Path, name: str, raw: bytes, seconds_ago: float = 5) -> Path:
    """A file in the drop folder, last written to so long ago."""
    path = folder / name
    path.write_bytes(raw)
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


async def test_a_dropped_mail_is_taken_in_and_removed(folder: Path, database: object) -> None:
    raw = mails.mail(f"Amina <{TO}>, other@example.org", headers=f"Return-Path: <{OFFICE}>\n")
    path = drop(folder, "reply.eml", raw)
    assert await drop_folder.empty() == 1
    row = await InboundMail.objects().first()
    assert row is not None
    assert (row.raw, row.envelope_from, row.envelope_to) == (raw, OFFICE, [TO])
    assert not path.exists()


async def test_unfinished_and_hidden_files_are_left_alone(folder: Path, database: object) -> None:
    for name, age in ((".reply.eml", 5), ("reply.tmp", 5), ("reply.eml", 0)):
        drop(folder, name, mails.mail(TO), age)
    assert await drop_folder.empty() == 0
    assert len(list(folder.glob("*reply*"))) == 3


async def test_dropped_mail_waits_for_the_database(folder: Path, away: None) -> None:
    path = drop(folder, "reply.eml", mails.mail(TO))
    with pytest.raises(Unavailable):
        await drop_folder.empty()
    assert path.exists()


async def test_files_that_are_no_mail_are_set_aside_and_the_rest_taken(folder: Path, database: object) -> None:
    drop(folder, "a.eml", b"")
    drop(folder, "b.eml", b"\x00\xff no headers at all")
    (folder / "c.eml").mkdir()
    os.utime(folder / "c.eml", (0, 0))
    (folder / "refused" / "a.eml").write_bytes(b"an earlier one")
    drop(folder, "d.eml", mails.mail(TO))
    assert await drop_folder.empty() == 1
    assert len(list((folder / "refused").iterdir())) == 4
    assert list(folder.glob("*.eml")) == []


async def test_a_file_larger_than_we_take_is_set_aside_unread_and_a_bomb_is_taken_for_a_person_to_see(
    folder: Path, database: object
) -> None:
    with (folder / "huge.eml").open("wb") as huge:
        huge.truncate(4_000_000_000)
    os.utime(folder / "huge.eml", (0, 0))
    drop(
        folder,
        "bomb.eml",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n" % n for n in range(500)) + b"\n",
    )
    assert await drop_folder.empty() == 1
    assert [path.name for path in (folder / "refused").iterdir()] == ["huge.eml"]


async def test_what_is_logged_of_a_dropped_file_names_nobody(
    folder: Path, database: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*_: object) -> None:
        raise OSError("amina@example.org")

    monkeypatch.setattr(drop_folder.arrival, "arrive", full)
    drop(folder, "amina.eml", mails.mail(TO))
    assert await drop_folder.empty() == 0
    assert [record.getMessage() for record in caplog.records] == ["A dropped file was set aside: OSError"]


async def test_the_open_mailroom_looks_into_the_folder(door: int, folder: Path, database: object) -> None:
    path = drop(folder, "reply.eml", mails.mail(TO))
    for _ in range(40):
        if not path.exists():
            break
        await asyncio.sleep(0.1)
    assert await InboundMail.count() == 1


async def test_the_mailroom_closes_though_somebody_is_still_talking(folder: Path) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(mailroom.run(stop))
    await asyncio.sleep(0.05)
    async with lines(settings.mailroom_port) as peer:
        await peer.answer()
        stop.set()
        await asyncio.wait_for(running, 5)
        assert await peer.reader.read() == b""
