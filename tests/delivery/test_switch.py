"""Rehearsal until a person says live, and a stop that works at once and loses nothing."""

import asyncio
import json

import httpx
import pytest

import front_door
import make
import work
from mail_server import MailServer
from undersigned.delivery import sending, switch
from undersigned.kit import database as db
from undersigned.settings import settings


async def states() -> list[str]:
    """Where every letter stands."""
    return [row["state"] for row in await db.fetch("SELECT state FROM letter ORDER BY id")]


async def test_a_new_installation_is_in_rehearsal(database: None) -> None:
    assert await switch.mode() == switch.REHEARSAL


async def test_the_newest_turn_rules_and_each_is_in_the_audit(database: None) -> None:
    owen = await make.staff()
    await switch.turn(switch.LIVE, "Checked with the office.", owen.id)
    await switch.turn(switch.STOP, "Too many at once.")
    assert await switch.mode() == switch.STOP
    written = await db.fetch(
        "SELECT staff_id, before, after FROM audit WHERE act = 'delivery switched' ORDER BY id"
    )
    told = [(row["staff_id"], json.loads(row["before"]), json.loads(row["after"])) for row in written]
    assert told == [
        (str(owen.id), {"mode": "rehearsal"}, {"mode": "live"}),
        ("command", {"mode": "live"}, {"mode": "stop"}),
    ]


async def test_a_demo_refuses_to_go_live_in_a_sentence(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "demo", True)
    with pytest.raises(switch.StaysRehearsal, match="letters to representatives never leave it"):
        await switch.turn(switch.LIVE)
    assert await db.fetch("SELECT * FROM switch") == []


async def test_a_demo_may_be_stopped(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "demo", True)
    await switch.turn(switch.STOP)
    assert await switch.mode() == switch.STOP


async def test_stop_holds_every_letter_and_loses_none(
    client: httpx.AsyncClient, letter_page: str, server: MailServer, live: None
) -> None:
    for _ in range(4):
        await make.letter(state="ready", sent_at=None)
    await switch.turn(switch.STOP, "Something is wrong.")
    for _ in range(3):
        await front_door.time_passes()
        await work.settle()
    assert (await states(), server.asked) == (["ready"] * 5, [])
    await switch.turn(switch.LIVE, "It is mended.")
    await work.settle()
    assert await states() == ["sent"] * 5
    assert len({taken.message["Message-ID"] for taken in server.taken}) == len(server.taken) == 5


async def test_stop_reaches_what_was_lent_to_the_queue_already(
    client: httpx.AsyncClient, letter_page: str, server: MailServer, live: None
) -> None:
    from undersigned.delivery import jobs
    from undersigned.kit import leases

    lent: list[tuple[int, str]] = []
    await leases.relay(leases.Owed("letter", jobs.OWED.due, lambda row_id, lease: lent.append((row_id, lease))))
    assert len(lent) == 1
    await switch.turn(switch.STOP)
    await jobs.deliver_letter.fn.__wrapped__(*lent[0])
    assert (await states(), server.asked) == (["ready"], [])
    await switch.turn(switch.LIVE)
    await front_door.lease_runs_out("letter")
    await work.settle()
    assert await states() == ["sent"]


async def test_stop_holds_letters_and_no_other_mail(client: httpx.AsyncClient, server: MailServer) -> None:
    await switch.turn(switch.STOP)
    await front_door.sign(client, await make.campaign())
    await work.settle()
    assert [taken.recipients for taken in server.taken] == [["amina@example.org"]]


async def test_a_stop_in_the_middle_of_a_stream_lets_nothing_through_any_more_and_all_go_once_when_it_ends(
    database: None, server: MailServer, live: None
) -> None:
    await make.mp()
    for number in range(30):
        await make.letter(state="ready", sent_at=None, email=f"writer{number}@example.org")
    server.silent_at = "RCPT"
    stream = asyncio.gather(*(sending.deliver(number) for number in range(1, 31)))
    await asyncio.wait_for(server.reached.wait(), 10)
    await switch.turn(switch.STOP, "An MP's office rang.")
    server.silent_at = ""
    server.speak.set()
    await stream
    assert server.taken == [], "those that knocked already had not been handed over"
    assert await states() == ["ready"] * 30
    await switch.turn(switch.LIVE)
    await front_door.time_passes()
    await work.settle()
    assert len({taken.message["Message-ID"] for taken in server.taken}) == len(server.taken) == 30
    assert await states() == ["sent"] * 30
    assert await db.fetch("SELECT DISTINCT attempts FROM letter") == [{"attempts": 0}]
