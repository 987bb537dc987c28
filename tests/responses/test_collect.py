"""A mailbox elsewhere, collected from a real IMAP server: nothing twice, nothing lost, nothing deleted early."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest

import make
import work
from responses import imap_server
from responses import vendor_mails as mails
from responses.imap_server import Dovecot
from undersigned.delivery import addresses
from undersigned.kit.errors import Unavailable
from undersigned.responses import arrival, collecting, mailroom
from undersigned.responses.collecting import Account
from undersigned.responses.tables import InboundMail, Mailbox, Response
from undersigned.settings import settings

pytestmark = [imap_server.needs_dovecot, pytest.mark.usefixtures("database")]
TO = "letter-zzz@letters.example.org"
_users = (f"user{number}" for number in count())


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """One server for all of them; each test has a user of its own."""
    with imap_server.running() as dovecot:
        yield dovecot


@pytest.fixture
def user() -> str:
    """Somebody with an empty mailbox."""
    return next(_users)


def numbered(*numbers: int) -> list[bytes]:
    """Different mails, with the line ends that IMAP wants."""
    return [mails.mail(TO, f"Number {n}").replace(b"\n", b"\r\n") for n in numbers]


async def stored() -> list[bytes]:
    """What has come in, in its order."""
    return [row.raw for row in await InboundMail.objects().order_by(InboundMail.id)]


async def test_a_reply_in_the_mailbox_reaches_its_letter_and_stays_where_it_is_unread(
    server: Dovecot, user: str
) -> None:
    letter = await make.letter()
    raw = mails.mail(addresses.tracked(letter.id)).replace(b"\n", b"\r\n")
    server.put(user, raw)
    assert await collecting.collect(Account.parse(server.url(user))) == 1
    assert await stored() == [raw]
    await work.settle()
    assert await Response.count().where(Response.letter == letter.id) == 1
    assert server.left(user) == 1


async def test_it_goes_on_where_it_stopped(server: Dovecot, user: str) -> None:
    account = Account.parse(server.url(user))
    server.put(user, *numbered(1, 2))
    assert await collecting.collect(account) == 2
    assert await collecting.collect(account) == 0
    server.put(user, *numbered(3))
    assert await collecting.collect(account) == 1
    assert await stored() == numbered(1, 2, 3)


async def test_when_the_mailbox_numbers_everything_anew_nothing_is_lost_and_nothing_is_twice(
    server: Dovecot, user: str
) -> None:
    account = Account.parse(server.url(user))
    server.put(user, *numbered(1, 2, 3))
    await collecting.collect(account)
    row = await Mailbox.objects().first()
    assert row is not None and row.last_uid == 3
    await Mailbox.update({Mailbox.validity: row.validity - 1}, force=True)
    server.put(user, *numbered(4))
    assert await collecting.collect(account) == 4
    assert await stored() == numbered(1, 2, 3, 4)


@pytest.mark.parametrize(("more", "inbox", "done"), [("?move=Done", 0, 2), ("?delete=yes", 0, 0)])
async def test_what_is_committed_is_moved_or_deleted(
    server: Dovecot, user: str, more: str, inbox: int, done: int
) -> None:
    with server.mailbox(user) as mailbox:
        mailbox.folder.create("Done")
    server.put(user, *numbered(1, 2))
    assert await collecting.collect(Account.parse(server.url(user, more))) == 2
    assert len(await stored()) == 2
    with server.mailbox(user) as mailbox:
        counts = {name: mailbox.folder.status(name, ["MESSAGES"])["MESSAGES"] for name in ("INBOX", "Done")}
    assert counts == {"INBOX": inbox, "Done": done}


async def test_what_cannot_be_committed_stays_and_comes_the_next_time(
    server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account.parse(server.url(user, "?delete=yes"))
    server.put(user, *numbered(1, 2))
    arrive = arrival.arrive

    async def once(raw: bytes, sender: str, recipients: list[str]) -> int | None:
        if b"Number 2" in raw:
            raise Unavailable
        return await arrive(raw, sender, recipients)

    with monkeypatch.context() as away:
        away.setattr(arrival, "arrive", once)
        with pytest.raises(Unavailable):
            await collecting.collect(account)
    assert (await stored(), server.left(user)) == (numbered(1), 1)
    assert await collecting.collect(account) == 1
    assert (await stored(), server.left(user)) == (numbered(1, 2), 0)


async def test_what_is_larger_than_we_take_is_passed_over_and_left_there(
    server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "LARGEST", 2_000)
    server.put(user, numbered(1)[0] + b"x" * 3_000, *numbered(2))
    assert await collecting.collect(Account.parse(server.url(user, "?delete=yes"))) == 1
    assert (await stored(), server.left(user)) == (numbered(2), 1)


async def test_two_nodes_that_collect_at_once_make_one_row_of_each(server: Dovecot, user: str) -> None:
    account = Account.parse(server.url(user))
    server.put(user, *numbered(*range(10)))
    await asyncio.gather(collecting.collect(account), collecting.collect(account))
    assert sorted(await stored()) == sorted(numbered(*range(10)))


async def test_the_mailroom_collects_by_itself_and_waits_longer_while_nobody_answers(
    server: Dovecot, user: str, folder: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(collecting, "EVERY_SECONDS", 0.05)
    wrong = server.url(user).replace("password", "passport").replace(user, "amina.rahman")
    monkeypatch.setattr(settings, "imap_url", wrong)
    await _open_until(lambda: _tried(caplog, [0.05, 0.1, 0.2]))
    assert "amina.rahman" not in caplog.text
    assert "passport" not in caplog.text
    server.put(user, *numbered(1))
    monkeypatch.setattr(settings, "imap_url", server.url(user))
    await _open_until(lambda: _is_stored(1))


async def _open_until(true: object) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(mailroom.run(stop))
    await imap_server.until(true)
    stop.set()
    await running


async def _tried(caplog: pytest.LogCaptureFixture, pauses: list[float]) -> bool:
    return [record.args[1] for record in caplog.records if "cannot be read" in record.msg][: len(pauses)] == pauses


async def _is_stored(number: int) -> bool:
    return len(await stored()) == number


def test_an_address_is_read_as_it_is_written() -> None:
    account = Account.parse("imaps://amina%40example.org:p%2Fw@mail.example.org/Replies/MPs?move=Done")
    assert (account.user, account.password, account.host, account.port) == (
        "amina@example.org",
        "p/w",
        "mail.example.org",
        993,
    )
    assert (account.folder, account.move_to, account.deletes) == ("Replies/MPs", "Done", False)
    assert "amina" not in account.address


async def test_a_password_is_not_said_aloud_to_another_machine(
    server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting.limits, "is_this_machine", lambda who: False)
    with pytest.raises(collecting.NotSafe):
        await collecting.collect(Account.parse(server.url(user)))
