"""The count is exact, whoever presses what, how often and at the same moment."""

import asyncio
from typing import Any

import httpx

import front_door
import make
import work
from undersigned.kit import database as db
from undersigned.privacy import holdings
from undersigned.signatures import confirmation
from undersigned.signatures.tables import Tally

PLACES: list[dict[str, str]] = [
    {"postcode": "BL9 0SW"},
    {"postcode": "M2 5PD"},
    {"postcode": "JE2 3XP"},
    {"postcode": "ZE3 9ZZ"},
    {"country": "FR", "postcode": ""},
]


async def sign_fifty(client: httpx.AsyncClient, slug: str = "light") -> list[str]:
    """Fifty people sign at once, from five kinds of place; answers their links."""
    campaign = await make.campaign(slug=slug)
    await make.chapter(campaign)
    forms = [
        PLACES[n % 5] | {"email": f"person-{n}@example.org", "name": f"Person {chr(65 + n % 26)}"}
        | ({"chapter": "bury"} if n % 2 else {})
        for n in range(50)
    ]  # fmt: skip
    answers = await asyncio.gather(*(front_door.sign(client, campaign, **form) for form in forms))
    assert {answer.status_code for answer in answers} == {303}
    await work.settle()
    return [work.link_in(message, "/confirm/") for message in work.inbox()]


async def total(kind: str) -> int:
    """The sum of the totals of one kind."""
    return sum((await Tally.of(1, kind)).values())


async def all_agree(expected: int) -> None:
    """Every way to count gives the same answer, and the right one."""
    campaign = await front_door.row("SELECT * FROM campaign")
    rows: list[dict[str, Any]] = await db.fetch("SELECT * FROM signature WHERE confirmed_at IS NOT NULL")
    standing = [row for row in rows if row["withdrawn_at"] is None]
    unknown = sum(row["constituency"] is None for row in standing)
    in_chapter = sum(row["chapter"] is not None for row in standing)
    assert campaign["signature_count"] == len(standing) == expected
    assert await total("country") == expected
    assert await total("constituency") + unknown == expected
    assert await total("confirmed") == expected
    assert await total("chapter") == in_chapter
    assert (await front_door.row("SELECT signature_count AS n FROM chapter"))["n"] == in_chapter
    numbers = sorted(row["number"] for row in rows)
    assert len(set(numbers)) == len(numbers)
    assert numbers[-1] == campaign["last_number"]


async def test_two_hundred_presses_of_fifty_buttons_count_fifty(client: httpx.AsyncClient) -> None:
    links = await sign_fifty(client)
    assert len(set(links)) == 50
    assert await total("created") == 50
    answers = await asyncio.gather(*(client.post(link) for link in links * 4))
    assert {answer.status_code for answer in answers} == {200}
    await all_agree(50)
    assert await Tally.of(1, "country") == {"FR": 10, "GB": 30, "JE": 10}
    assert (await front_door.row("SELECT max(number) AS n FROM signature"))["n"] == 50


async def test_two_processes_that_confirm_the_same_people_count_each_once(client: httpx.AsyncClient) -> None:
    """Other web processes have batches of their own; they meet only in the database."""
    await sign_fifty(client)
    others = [confirmation.Batcher(confirmation._write) for _ in range(4)]
    outcomes = await asyncio.gather(*(other.put(n) for n in range(1, 51) for other in others))
    counted = [outcome for outcome in outcomes if isinstance(outcome, confirmation.Counted)]
    assert len(counted) == 200
    assert sum(outcome.first_time for outcome in counted) == 50
    await all_agree(50)


async def test_signing_confirming_and_leaving_at_the_same_time_stays_exact(client: httpx.AsyncClient) -> None:
    links = await sign_fifty(client)
    await asyncio.gather(*(client.post(link) for link in links[:25]))
    confirmed = await db.fetch("SELECT id, email_key FROM signature WHERE confirmed_at IS NOT NULL ORDER BY id")
    campaign = await make.campaign()
    await asyncio.gather(
        *(client.post(link) for link in links[25:]),
        *(holdings.withdraw(row["id"], row["email_key"]) for row in confirmed[:10] * 2),
        *(front_door.sign(client, campaign, email=f"late-{n}@example.org") for n in range(20)),
    )
    await db.execute("DELETE FROM signature WHERE campaign <> 1")
    await db.execute("DELETE FROM tally WHERE campaign <> 1")
    await db.execute("DELETE FROM campaign WHERE id <> 1")
    await all_agree(40)
    assert (await front_door.row("SELECT last_number AS n FROM campaign"))["n"] == 50


async def test_a_discounted_signature_sees_the_same_page_and_is_in_no_total(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await make.chapter(campaign)
    await front_door.sign(client, campaign, chapter="bury")
    await db.execute("UPDATE signature SET discounted_at = now(), discounted_why = 'burst'")
    assert "You are number 1" in (await front_door.confirm(client)).text
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 0
    assert await total("country") == await total("confirmed") == await total("constituency") == 0


async def test_the_count_on_the_page_and_in_json_is_the_count_in_the_record(client: httpx.AsyncClient) -> None:
    links = await sign_fifty(client)
    await asyncio.gather(*(client.post(link) for link in links))
    assert (await client.get("/campaigns/light/count.json")).json()["signature_count"] == 50
    assert "<strong data-count-number>50</strong>" in (await client.get("/campaigns/light")).text
