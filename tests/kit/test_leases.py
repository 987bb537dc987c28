"""Rows that are owed work, lent to one worker at a time."""

import asyncio
from uuid import uuid4

import pytest

import front_door
import outages
from undersigned.kit import database as db
from undersigned.kit import leases, outbox
from undersigned.kit.redis_client import client as redis_client

pytestmark = pytest.mark.usefixtures("database")


class Book:
    """Who was lent what."""

    def __init__(self) -> None:
        self.lent: list[tuple[int, str]] = []
        self.owed = leases.Owed("mail", outbox.DUE, lambda row_id, lease: self.lent.append((row_id, lease)))


async def owe(rows: int) -> None:
    """So many messages to nobody in particular."""
    async with db.transaction():
        for n in range(rows):
            await outbox.owe("confirmation", n, "amina@example.org")


async def test_what_is_due_is_lent_once_until_its_lease_runs_out() -> None:
    await owe(3)
    book = Book()
    assert await leases.relay(book.owed) == 3
    assert await leases.relay(book.owed) == 0
    await front_door.lease_runs_out("mail")
    assert await leases.relay(book.owed) == 3
    assert [row_id for row_id, _ in book.lent] == [1, 2, 3, 1, 2, 3]


async def test_many_clocks_lend_each_row_once() -> None:
    await owe(200)
    book = Book()
    lent = await asyncio.gather(*(leases.relay(book.owed) for _ in range(8)))
    assert sum(lent) == 200
    assert sorted(row_id for row_id, _ in book.lent) == list(range(1, 201))


async def test_no_more_than_a_thousand_rows_are_out_at_a_time() -> None:
    await owe(1)
    await db.execute(
        """INSERT INTO mail (kind, about, recipient, message_id, created_at, due_at, attempts, last_answer)
           SELECT kind, about, recipient, message_id, created_at, due_at, 0, ''
           FROM mail, generate_series(1, 1200)"""
    )
    book = Book()
    assert await leases.relay(book.owed) == leases.MOST_LENT
    assert await leases.relay(book.owed) == 0


async def test_one_lease_is_taken_once_however_often_it_is_told() -> None:
    await owe(1)
    book = Book()
    await leases.relay(book.owed)
    taken = await asyncio.gather(*(leases.take("mail", *book.lent[0]) for _ in range(10)))
    assert sum(taken) == 1


async def test_a_lease_that_ran_out_or_was_never_given_takes_nothing() -> None:
    await owe(1)
    book = Book()
    await leases.relay(book.owed)
    assert not await leases.take("mail", 1, str(uuid4()))
    assert not await leases.take("mail", 2, book.lent[0][1])
    await front_door.lease_runs_out("mail")
    assert not await leases.take("mail", *book.lent[0])


async def test_a_row_that_is_not_due_yet_is_left() -> None:
    await owe(1)
    await db.execute("UPDATE mail SET due_at = now() + interval '1 minute'")
    assert await leases.relay(Book().owed) == 0


async def test_a_flushed_redis_costs_only_the_time_of_a_lease() -> None:
    await owe(2)
    assert await leases.relay(outbox.OWED) == 2
    assert redis_client().llen("dramatiq:mail") == 2
    redis_client().flushall()
    assert await leases.relay(outbox.OWED) == 0
    await front_door.lease_runs_out("mail")
    assert await leases.relay(outbox.OWED) == 2
    assert redis_client().llen("dramatiq:mail") == 2
    assert leases.IN_QUEUE_SECONDS < 60


async def test_without_redis_the_rows_wait_and_are_lent_as_soon_as_it_is_back() -> None:
    await owe(2)
    with outages.redis_away():
        assert await leases.relay(outbox.OWED) == 0
        assert await leases.relay(outbox.OWED) == 0
    assert await leases.relay(outbox.OWED) == 2
