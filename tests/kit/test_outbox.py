"""E-mail we owe someone: nothing is lost and nothing is said twice on purpose."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import front_door
import make
import outages
import work
from mail_server import MailServer
from staff.visits import sign_in
from undersigned.kit import database as db
from undersigned.kit import doors, leases, outbox
from undersigned.settings import settings


@pytest.fixture
async def owed(client: httpx.AsyncClient) -> None:
    """Amina has signed and is owed a confirmation."""
    assert (await front_door.sign(client, await make.campaign())).status_code == 303


async def mail_row() -> dict[str, Any]:
    """The one message owed."""
    return await front_door.row("SELECT * FROM mail")


@pytest.mark.usefixtures("owed")
async def test_a_message_is_owed_by_the_commit_that_caused_it_and_sent_once(server: MailServer) -> None:
    waiting = await mail_row()
    assert (waiting["kind"], waiting["recipient"], waiting["sent_at"]) == (
        "confirmation",
        "amina@example.org",
        None,
    )
    for _ in range(3):
        await work.settle()
        await front_door.lease_runs_out("mail")
    (taken,) = server.taken
    assert taken.message["Message-ID"] == waiting["message_id"]
    assert (outbox.mail_behind(taken.sender), taken.recipients) == (waiting["id"], ["amina@example.org"])
    assert (await mail_row())["sent_at"] is not None


@pytest.mark.usefixtures("owed")
async def test_a_mail_server_that_is_away_loses_nothing(server: MailServer) -> None:
    await server.stop()
    await work.settle()
    waiting = await mail_row()
    assert (waiting["attempts"], waiting["sent_at"], waiting["dead_at"]) == (1, None, None)
    assert waiting["due_at"] > datetime.now(UTC)
    await server.start()
    await front_door.time_passes()
    await work.settle()
    assert [taken.recipients for taken in server.taken] == [["amina@example.org"]]


@pytest.mark.usefixtures("owed")
async def test_a_temporary_no_is_tried_again_later_and_later(server: MailServer) -> None:
    server.at_rcpt = "451 4.7.1 Greylisted"
    waits = []
    for _ in range(10):
        await front_door.time_passes()
        await work.settle()
        waits.append(round(((await mail_row())["due_at"] - datetime.now(UTC)).total_seconds()))
    assert waits[:4] == [10, 20, 40, 80]
    assert waits[-1] == 3_600
    server.at_rcpt = "250 Taken"
    await front_door.time_passes()
    await work.settle()
    assert len(server.taken) == 1


@pytest.mark.usefixtures("owed")
async def test_a_link_that_finds_its_domain_crowded_waits_ten_seconds_however_often(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_per_domain", 1)
    monkeypatch.setattr(doors, "PATIENCE", 0.05)
    async with doors.place("example.org"):
        for _ in range(3):
            await front_door.time_passes()
            await work.settle()
            waiting = await mail_row()
            assert (waiting["attempts"], server.lines) == (0, 0)
            assert round((waiting["due_at"] - datetime.now(UTC)).total_seconds()) == 10
    await front_door.time_passes()
    await work.settle()
    assert len(server.taken) == 1


@pytest.mark.usefixtures("owed")
async def test_after_four_days_it_is_given_up(server: MailServer) -> None:
    server.at_rcpt = "451 4.7.1 Later"
    await db.execute("UPDATE mail SET created_at = now() - interval '5 days'")
    await work.settle()
    assert (await mail_row())["dead_at"] is not None


@pytest.mark.usefixtures("owed")
async def test_a_final_no_ends_it_with_the_servers_own_words(server: MailServer) -> None:
    server.at_rcpt = "550 5.1.1 No such mailbox"
    await work.settle()
    ended = await mail_row()
    assert ended["dead_at"] is not None
    assert "No such mailbox" in ended["last_answer"]
    server.at_rcpt = "250 Taken"
    await front_door.time_passes()
    await work.settle()
    assert server.taken == []


@pytest.mark.usefixtures("owed")
async def test_a_password_that_is_wrong_for_an_hour_costs_nobody_their_mail(server: MailServer) -> None:
    server.at_mail = "530 5.7.0 Authentication required"
    await work.settle()
    assert (await mail_row())["dead_at"] is None
    server.at_mail = "250 Taken"
    await front_door.time_passes()
    await work.settle()
    assert len(server.taken) == 1


@pytest.mark.usefixtures("owed")
async def test_a_line_that_drops_is_tried_again_under_the_same_message_id(server: MailServer) -> None:
    server.hangs_up = "after the message"
    await work.settle()
    server.hangs_up = ""
    await front_door.time_passes()
    await work.settle()
    assert len(server.taken) == 2
    assert len({taken.message["Message-ID"] for taken in server.taken}) == 1


@pytest.mark.usefixtures("owed")
async def test_what_has_lost_its_point_is_not_sent(server: MailServer) -> None:
    await db.execute("DELETE FROM signature")
    await work.settle()
    assert server.taken == []
    assert (await mail_row())["dead_at"] is not None


@pytest.mark.usefixtures("owed")
async def test_told_twice_it_is_sent_once(server: MailServer) -> None:
    lent: list[tuple[int, str]] = []
    await leases.relay(leases.Owed("mail", outbox.DUE, lambda row_id, lease: lent.append((row_id, lease))))
    await asyncio.gather(*(outbox.send_mail.fn.__wrapped__(*lent[0]) for _ in range(5)))
    assert len(server.taken) == 1


async def test_what_would_not_go_is_seen_on_the_desk_without_an_address_and_signing_again_sends_a_fresh_link(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    await sign_in(client)
    assert "None waits, and none was given up" in (await client.get("/staff/delivery")).text
    campaign = await make.campaign()
    server.at_rcpt = "451 4.7.1 Later, <amina@example.org>"
    await front_door.sign(client, campaign)
    await work.settle()
    assert await owed_on_the_desk(client) == ["0", "1", "0", "451"]
    server.at_rcpt = "550 5.1.1 <amina@example.org> is no mailbox"
    await front_door.time_passes()
    await work.settle()
    assert await owed_on_the_desk(client) == ["0", "0", "1", "550"]
    server.at_rcpt = "250 Taken"
    await front_door.sign(client, campaign)
    await work.settle()
    (taken,) = server.taken
    assert "You are number 1" in (await client.post(work.link_in(taken.message, "/confirm/"))).text


async def owed_on_the_desk(client: httpx.AsyncClient) -> list[str]:
    """What the desk says of links to confirm a signature: waits, tried again, given up, most often answered."""
    page = (await client.get("/staff/delivery")).text
    assert "amina" not in page
    row = re.search(r"<tr><th scope=\"row\">Links to confirm a signature</th>(.*?)</tr>", page, re.DOTALL)
    assert row, page
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[1])]


async def test_with_redis_stopped_signing_answers_and_the_mail_follows(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    campaign = await make.campaign()
    with outages.redis_away():
        answer = await front_door.sign(client, campaign)
        assert answer.status_code == 303
        assert await leases.relay(outbox.OWED) == 0
    assert await leases.relay(outbox.OWED) == 1
    await front_door.lease_runs_out("mail")
    await work.settle()
    assert [taken.recipients for taken in server.taken] == [["amina@example.org"]]


async def test_nothing_is_owed_for_what_was_not_committed(database: None) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.transaction():
            await outbox.owe("confirmation", 1, "amina@example.org")
            raise ZeroDivisionError
    assert await db.fetch("SELECT * FROM mail") == []
