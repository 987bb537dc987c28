"""A letter that is held for a day: nothing is silent, and nobody is told twice."""

import httpx
import pytest

import make
import work
from undersigned.delivery import failing, telling
from undersigned.kit import database as db
from undersigned.letters import states
from undersigned.letters.tables import Letter

VACANT = "The seat is vacant at the moment."


async def held(**told: object) -> Letter:
    return await make.letter(**{"state": "held", "reason": VACANT, "sent_at": None} | told)


async def a_day_passes() -> None:
    await db.execute("UPDATE letter SET held_at = held_at - interval '25 hours'")


async def told() -> list[str]:
    """What Amina has been told about held letters, oldest first."""
    await telling.tell_writers()
    await work.settle()
    return [
        work.text_of(mail) for mail in work.inbox("amina@example.org") if "not gone yet" in str(mail["Subject"])
    ]


async def test_the_writer_hears_why_after_a_day_and_only_once(client: httpx.AsyncClient) -> None:
    await held()
    assert await told() == []
    await a_day_passes()
    [words] = await told()
    assert VACANT in words and "You need do nothing" in words
    page = await client.get(work.link_in(work.inbox("amina@example.org")[-1], "/letters/"))
    assert page.status_code == 200 and VACANT in page.text
    await a_day_passes()
    assert len(await told()) == 1


async def test_a_letter_for_paper_is_said_to_wait_for_the_printer(client: httpx.AsyncClient) -> None:
    await held(reason=states.BY_POST, channel="post")
    await a_day_passes()
    [words] = await told()
    assert "printed next" in words


async def test_who_was_told_that_it_is_held_hears_of_the_next_time_too(client: httpx.AsyncClient) -> None:
    letter = await held()
    await a_day_passes()
    assert len(await told()) == 1
    await db.execute("UPDATE letter SET state = 'ready' WHERE id = $1", letter.id)
    await db.execute("UPDATE letter SET state = 'held', reason = $2 WHERE id = $1", letter.id, failing.REASON)
    assert len(await told()) == 1, "it has been held for a moment only"
    await a_day_passes()
    assert failing.REASON in (await told())[1]


@pytest.mark.parametrize("state", ["sent", "failed"])
async def test_what_has_gone_on_meanwhile_is_not_said_to_be_held(client: httpx.AsyncClient, state: str) -> None:
    letter = await held()
    await a_day_passes()
    await telling.tell_writers()
    await db.execute("UPDATE letter SET state = $2 WHERE id = $1", letter.id, state)
    assert await told() == []


async def test_a_letter_that_is_held_for_another_reason_has_been_held_all_the_while(database: None) -> None:
    letter = await held()
    await a_day_passes()
    since = await db.fetch_one("SELECT held_at FROM letter WHERE id = $1", letter.id)
    await db.execute("UPDATE letter SET state = 'held', reason = 'Another.' WHERE id = $1", letter.id)
    assert await db.fetch_one("SELECT held_at FROM letter WHERE id = $1", letter.id) == since
