"""Too much at the door, and bad mail: refused or held, and the mailroom goes on."""

import asyncio
import resource
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import aiosmtplib
import pytest

import make
import work
from responses import vendor_mails as mails
from responses.door import lines, smtp
from undersigned.delivery import addresses
from undersigned.kit import database as db
from undersigned.kit import limits
from undersigned.responses import admitting, arrival, placing, reception
from undersigned.responses.admitting import Doorkeeper
from undersigned.responses.tables import HeldMail, InboundMail, Response

TO = "letter-zzz@letters.example.org"
OFFICE = "harriet.vale.mp@example.org"
STRANGER = "203.0.113.7"


@pytest.fixture
def from_afar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loopback is taken for a stranger's network."""
    monkeypatch.setattr(limits, "OWN_NETWORKS", ())


async def test_the_eleventh_line_from_one_stranger_is_asked_to_come_back(door: int, from_afar: None) -> None:
    async with AsyncExitStack() as stack:
        greetings = []
        for _ in range(admitting.MOST_AT_ONCE_FROM_ONE + 1):
            peer = await stack.enter_async_context(lines(door))
            greetings.append((await peer.answer())[:3])
        assert greetings == ["220"] * admitting.MOST_AT_ONCE_FROM_ONE + ["421"]
        assert await peer.reader.read() == b""


async def test_a_line_that_ends_makes_room_for_the_next(door: int, from_afar: None) -> None:
    for _ in range(3 * admitting.MOST_AT_ONCE_FROM_ONE):
        async with lines(door) as peer:
            assert (await peer.answer()).startswith("220")
            assert (await peer.say("QUIT")).startswith("221")


async def test_one_stranger_brings_sixty_mails_at_once_and_then_waits(door: int, from_afar: None) -> None:
    async with lines(door) as peer:
        await peer.answer()
        await peer.say("EHLO mx")
        answers = []
        for _ in range(61):
            answers.append((await peer.say(f"MAIL FROM:<{OFFICE}>"))[:3])
            await peer.say("RSET")
    assert answers == ["250"] * 60 + ["452"]


async def test_the_mail_server_in_front_of_us_is_not_limited_by_itself(door: int) -> None:
    async with lines(door) as peer:
        await peer.answer()
        await peer.say("EHLO mx")
        for _ in range(100):
            assert (await peer.say(f"MAIL FROM:<{OFFICE}>")).startswith("250")
            await peer.say("RSET")


def test_of_ever_so_many_strangers_ten_thousand_are_remembered() -> None:
    keeper = Doorkeeper()
    for number in range(12_000):
        peer = f"2001:db8:{number:x}::1"
        assert keeper.enter(peer)
        keeper.may_bring(peer)
        keeper.leave(peer)
    assert len(keeper._of_peer) == admitting.MOST_PEERS
    assert not keeper._inside


def test_neighbours_in_one_network_of_ipv6_are_one_peer() -> None:
    keeper = Doorkeeper()
    entered = [keeper.enter(f"2001:db8:1:1::{number:x}") for number in range(admitting.MOST_AT_ONCE_FROM_ONE + 1)]
    assert entered == [True] * admitting.MOST_AT_ONCE_FROM_ONE + [False]
    assert keeper.enter("2001:db8:1:2::1")


def test_all_together_are_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Doorkeeper()
    assert sum(keeper.may_bring("127.0.0.1") for _ in range(6_000)) < 5_100
    monkeypatch.setattr(admitting, "MOST_AT_ONCE", 3)
    assert [keeper.enter(f"10.0.0.{n}") for n in range(4)] == [True, True, True, False]


async def test_a_stranger_who_tries_out_names_is_sent_away(door: int, from_afar: None) -> None:
    async with lines(door) as peer:
        await peer.answer()
        await peer.say("EHLO mx")
        await peer.say(f"MAIL FROM:<{OFFICE}>")
        answers = [(await peer.say(f"RCPT TO:<name{n}@elsewhere.example>"))[:3] for n in range(20)]
        assert answers == ["550"] * 19 + ["421"]
        assert await peer.reader.read() == b""


async def test_an_endless_line_is_cut_off_before_it_fills_the_memory(door: int) -> None:
    async with lines(door) as peer:
        assert (await peer.begin(OFFICE, TO)).startswith("354")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(ConnectionError):
            for _ in range(200):
                peer.writer.write(b"x" * 1_000_000)
                await peer.writer.drain()
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


async def test_fifty_megabytes_are_refused_for_good_and_kept_nowhere(door: int, database: object) -> None:
    raw = mails.mail(TO) + b"0123456789" * 7 + b"\r\n" + (b"0" * 76 + b"\r\n") * 650_000
    async with smtp(door) as peer:
        await peer.ehlo()
        await peer.mail(OFFICE)
        await peer.rcpt(TO)
        with pytest.raises(aiosmtplib.SMTPDataError) as refusal:
            await peer.data(raw)
    assert refusal.value.code == 552
    assert await InboundMail.count() == 0


async def test_a_file_of_twenty_five_megabytes_is_taken(door: int, database: object) -> None:
    raw = mails.mail(TO) + (b"QUJD" * 19 + b"\r\n") * (25 * 1024 * 1024 * 4 // 3 // 76)
    async with smtp(door) as peer:
        await peer.sendmail(OFFICE, [TO], raw)
    assert await InboundMail.count() == 1


async def test_mail_in_hand_is_bounded_for_all_together(
    door: int, database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admitting, "MOST_IN_HAND", 3_000_000)
    async with lines(door) as one, lines(door) as other:
        for peer in (one, other):
            await peer.begin(OFFICE, TO)
        one.writer.write((b"0" * 76 + b"\r\n") * 25_000)
        await one.writer.drain()
        other.writer.write((b"0" * 76 + b"\r\n") * 25_000)
        told = await asyncio.wait_for(one.reader.read(), 10) if one.reader.at_eof() else b""
        assert told or (await asyncio.wait_for(_goodbye(other.reader), 10))[:3] in {b"421", b""}
    async with smtp(door) as peer:
        await peer.sendmail(OFFICE, [TO], mails.mail(TO))
    assert await InboundMail.count() == 1


async def _goodbye(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def test_a_thousand_in_the_pen_and_mail_for_nobody_waits_while_letters_are_answered(
    door: int, database: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(admitting, "MOST_HELD", 5)
    monkeypatch.setattr(reception, "pen", admitting.Pen())
    monkeypatch.setattr(admitting, "LOOK_AGAIN_SECONDS", 0)
    letter = await make.letter()
    for number in range(5):
        inbound_id = await arrival.arrive(b"Subject: %d\r\n\r\nJunk" % number, "", [TO])
        await HeldMail(inbound=inbound_id, reason="Junk", created_at=datetime.now(UTC)).save()
    async with lines(door) as peer:
        await peer.answer()
        await peer.say("EHLO mx")
        await peer.say("MAIL FROM:<>")
        assert (await peer.say(f"RCPT TO:<{TO}>")).startswith("452 4.2.1")
        mine = addresses.tracked(letter.id)
        assert (await peer.say(f"RCPT TO:<{mine}>")).startswith("250")
        mistyped = mine.replace("letter-", "leter_").upper()
        assert (await peer.say(f"RCPT TO:<{mistyped}>")).startswith("250")
    assert "zzz" not in caplog.text


BAD = {
    "ten thousand parts in one another": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(10_000)
    ),
    "ten thousand messages in one another": b"Content-Type: message/rfc822\r\n\r\n" * 10_000,
    "ten thousand parts beside one another": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n" * 10_000,
    "a hundred thousand headers": b"".join(b"X-Bomb-%d: x\r\n" % n for n in range(100_000)) + b"\r\nx",
    "ten megabytes of recipients": b"To: " + b"a@example.org,\r\n " * 600_000 + b"b@example.org\r\n\r\nx",
    "ten megabytes of References": b"References: " + b"<a@b>\r\n " * 1_200_000 + b"\r\n\r\nx",
    "one header of encoded words": b"Subject: " + b"=?utf-8?B?QUJD?=\r\n " * 100_000 + b"\r\n\r\nx",
    "nothing but a boundary": b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n",
    "base64 that is none": b"Content-Transfer-Encoding: base64\r\nFrom: a@example.org\r\n\r\n====\xff\x00",
    "no headers at all": b"\x00\xff" * 5_000,
    "a charset that nobody has": b"From: a@example.org\r\nContent-Type: text/plain; charset=\xff\x00x\r\n\r\n\xff",
    "nested HTML": b"From: a@example.org\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 500_000,
}


async def _settle_at_last() -> None:
    """As often as it is tried at all, without the pauses between."""
    for _ in range(6):
        await work.settle()
        if not await db.execute("UPDATE inbound_mail SET leased_until = NULL WHERE sorted_at IS NULL"):
            return


async def test_bad_mail_is_held_or_filed_and_the_next_reply_gets_through(database: object) -> None:
    letter = await make.letter()
    mine = addresses.tracked(letter.id)
    slowest = 0.0
    for number, raw in enumerate(BAD.values()):
        assert await arrival.arrive(raw + b"\r\n%d" % number, OFFICE, [TO]) is not None
        began = time.monotonic()
        await _settle_at_last()
        slowest = max(slowest, time.monotonic() - began)
    await arrival.arrive(mails.mail(mine), OFFICE, [mine])
    await work.settle()
    assert await Response.count().where(Response.letter == letter.id) == 1
    outcomes = {row.outcome for row in await InboundMail.objects()}
    assert outcomes <= {"held", "ignored", "answer"}
    assert len(await placing.pen()) >= len(BAD) - 2
    assert slowest < 10
