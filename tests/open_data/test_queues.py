"""What a monitor sees: how much waits, since when the oldest could have left, and nobody's name."""

import re
from datetime import datetime, timedelta

import httpx
import pytest
import time_machine

import front_door
import make
import work
from delivery.in_line import passes, waiting
from undersigned.delivery import switch
from undersigned.kit import database as db
from undersigned.kit import outbox
from undersigned.open_data import metrics, queues
from undersigned.settings import settings


async def oldest(client: httpx.AsyncClient, queue: str) -> tuple[int, float]:
    """How much of a queue waits, and for how many seconds the oldest has."""
    queues.shelf.forget()
    told = (await client.get("/readyz")).json()["queues"][queue]
    return told["waiting"], told["oldest_seconds"]


async def test_it_says_how_long_the_oldest_mail_has_waited(client: httpx.AsyncClient) -> None:
    assert await oldest(client, "mail") == (0, 0)
    await front_door.sign(client, await make.campaign())
    await db.execute("UPDATE mail SET due_at = now() - interval '90 seconds'")
    waits, seconds = await oldest(client, "mail")
    assert waits == 1 and 89 <= seconds <= 100
    await db.execute("UPDATE mail SET mailing = 7")
    assert (await oldest(client, "mail"), (await oldest(client, "bulk"))[0]) == ((0, 0), 1)
    assert (await client.get("/readyz")).status_code == 200, "That work waits turns nobody away."


async def test_a_letter_that_waits_its_turn_is_not_late_and_one_that_was_passed_over_is(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "letters_an_hour", 30)
    await switch.turn(switch.LIVE)
    monkeypatch.setattr(settings, "office_hours", "always")
    await waiting(await make.campaign(), 3)
    await work.settle()
    await passes(timedelta(seconds=80))
    assert await oldest(client, "letters") == (2, 0)
    await passes(timedelta(minutes=10))
    waits, seconds = await oldest(client, "letters")
    assert waits == 2 and 500 <= seconds <= 700
    await switch.turn(switch.STOP)
    assert await oldest(client, "letters") == (2, 0)


async def test_a_letter_is_late_from_when_the_office_opened(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "letters_an_hour", 30)
    await switch.turn(switch.LIVE)
    monkeypatch.setattr(settings, "office_hours", "Mon-Fri 08:00-18:00")
    await waiting(await make.campaign(), 1)
    await db.execute("UPDATE letter SET due_at = '2026-11-20'")
    with time_machine.travel(datetime.fromisoformat("2026-11-28T12:00:00+00:00")):
        assert await oldest(client, "letters") == (1, 0)
    with time_machine.travel(datetime.fromisoformat("2026-11-30T08:00:30+00:00")):
        waits, seconds = await oldest(client, "letters")
        assert waits == 1 and 29 <= seconds <= 40


async def test_letters_without_a_pace_are_late_at_once(client: httpx.AsyncClient) -> None:
    await waiting(await make.campaign(), 2)
    await passes(timedelta(minutes=5))
    waits, seconds = await oldest(client, "letters")
    assert waits == 2 and 299 <= seconds <= 310


async def test_the_metrics_count_every_state_outcome_and_queue_and_name_nobody(client: httpx.AsyncClient) -> None:
    await waiting(await make.campaign(), 2)
    await make.letter()
    await work.settle()
    await waiting(await make.campaign(), 1)
    metrics.shelf.forget()
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    said = answer.text
    assert 'undersigned_letters{state="ready"} 1\n' in said
    assert 'undersigned_letters{state="sent"} 3\n' in said
    assert 'undersigned_letters{state="held"} 0\n' in said
    assert 'undersigned_deliveries{channel="email",mode="rehearsal",outcome="accepted"} 2\n' in said
    assert 'undersigned_queue_waiting{queue="letters"} 1\n' in said
    names = set(re.findall(r'queue_oldest_seconds{queue="(\w+)"}', said))
    assert names == {"mail", "bulk", "letters", "bundles", "inbound"}
    assert "@" not in said and "Amina" not in said and "Harriet" not in said
    assert all(re.fullmatch(r"(# (HELP|TYPE) .+|\w+\{[^}]*\} [\d.]+)", line) for line in said.splitlines())


async def test_counting_what_waits_reads_no_table_from_end_to_end(database: None) -> None:
    """With the planner told that a sequential scan is dear, none is left: there is an index for each queue."""
    async with db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")
        plan = await db.fetch("EXPLAIN " + queues._WAITING)
    scans = [row["QUERY PLAN"] for row in plan if "Seq Scan" in row["QUERY PLAN"]]
    assert [scan for scan in scans if "switch" not in scan] == []
    assert outbox.DUE in queues._WAITING
