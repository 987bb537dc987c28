"""The count on its way to everybody: from memory, kept briefly, called out through Redis, right without it."""

import asyncio
import functools
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
import httpx
import pytest

import front_door
import make
from nodes import nodes
from outages import redis_away
from undersigned.front import routes as front
from undersigned.kit import database as db
from undersigned.open_data import routes as open_data
from undersigned.settings import settings
from undersigned.signatures import announcing


async def count_of(client: httpx.AsyncClient, slug: str = "light") -> int:
    """What count.json says."""
    return int((await client.get(f"/campaigns/{slug}/count.json")).json()["signature_count"])


async def becomes(client: httpx.AsyncClient, wanted: int) -> None:
    """Ask until the count is ``wanted``; whatever is owed to a network arrives well within this."""
    for _ in range(200):
        if await count_of(client) == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"The count never became {wanted}.")


async def test_the_count_may_be_kept_for_a_moment_and_is_not_sent_twice(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light", signature_count=4183)
    first = await client.get("/campaigns/light/count.json")
    assert first.headers["cache-control"] == "public, max-age=1, stale-while-revalidate=2, stale-if-error=5"
    for held in (first.headers["etag"], f'"something else", W/{first.headers["etag"]}'):
        again = await client.get("/campaigns/light/count.json", headers={"if-none-match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert again.headers["access-control-allow-origin"] == "*"


async def test_a_count_that_has_moved_is_sent_whole(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    before = await client.get("/campaigns/light/count.json")
    await front_door.counted(client, campaign)
    front_door.a_second_passes()
    after = await client.get("/campaigns/light/count.json", headers={"if-none-match": before.headers["etag"]})
    assert (after.status_code, after.json()["signature_count"]) == (200, 1)


async def test_the_page_is_not_sent_twice_and_is_another_for_whoever_came_by_a_link(
    client: httpx.AsyncClient,
) -> None:
    await make.campaign(slug="light")
    plain, by_link = await client.get("/campaigns/light"), await client.get("/campaigns/light?s=poster&b=north")
    assert "stale-while-revalidate" in plain.headers["cache-control"]
    assert plain.headers["etag"] != by_link.headers["etag"]
    assert 'name="source" value="poster"' in by_link.text and 'name="bucket" value="north"' in by_link.text
    assert 'name="bucket"' not in plain.text
    held = {"if-none-match": plain.headers["etag"]}
    assert (await client.get("/campaigns/light", headers=held)).status_code == 304
    assert (await client.get("/campaigns/light?s=poster&b=north", headers=held)).status_code == 200


async def test_what_is_called_out_is_shown_though_memory_holds_an_older_count(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_data.shelf, "_seconds", 600.0)
    monkeypatch.setattr(announcing, "GOOD_FOR", 600.0)
    campaign = await make.campaign(slug="light", signature_count=7)
    assert await count_of(client) == 7
    async with announcing.listening():
        for _ in range(200):
            await announcing.tell({campaign.id: 8})
            if await count_of(client) == 8:
                return
            await asyncio.sleep(0.05)
    raise AssertionError("What was called out was not heard.")


async def test_without_redis_names_are_counted_and_the_record_is_shown(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    assert await count_of(client) == 0
    with redis_away():
        assert "You are number 1" in (await client.post(link)).text
        await becomes(client, 1)


async def test_taking_a_name_off_is_called_out_as_well(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    await front_door.counted(client, campaign)
    you = await front_door.mailed_link("amina@example.org", "/you/")
    await client.post(f"{you}/withdraw", data={"signature": "1"})
    await becomes(client, 0)


async def test_a_name_counted_at_one_node_is_called_out_to_another_which_need_not_read_it(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    async with an_old_record() as old:
        with nodes(1) as (here,), nodes(1, DATABASE_URL=old) as (there,):
            async with (
                httpx.AsyncClient(base_url=here.base_url) as near,
                httpx.AsyncClient(base_url=there.base_url) as far,
            ):
                assert await count_of(far) == 0
                assert "You are number 1" in (await near.post(link)).text
                await becomes(far, 1)
                await becomes(near, 1)
                await asyncio.sleep(announcing.GOOD_FOR + 0.1)
                assert await count_of(far) == 0, "It read the count, so that this shows nothing of the calling."
                assert await count_of(near) == 1


@asynccontextmanager
async def an_old_record() -> AsyncIterator[str]:
    """The address of a database that is ours, but for campaigns as they are now, which never change there."""
    await db.execute("CREATE SCHEMA old")
    try:
        await db.execute("CREATE TABLE old.campaign AS TABLE public.campaign")
        yield f"{settings.database_url}{'&' if '?' in settings.database_url else '?'}search_path=old,public"
    finally:
        await db.execute("DROP SCHEMA old CASCADE")


async def test_a_page_asked_for_by_a_crowd_is_made_once_and_counts_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shelf in (front.shelf, open_data.shelf):
        monkeypatch.setattr(shelf, "_seconds", 600.0)  # However slow this machine is, it is one second.
    campaign = await make.campaign(slug="light")
    await front_door.counted(client, campaign, shows_name="yes", words="It is dark there.")
    for path in ("/campaigns/light", "/campaigns/light/count.json", "/campaigns/light.json", "/"):
        front_door.a_second_passes()
        with monkeypatch.context() as patched, asked(patched) as statements:
            assert (await client.get(path)).status_code == 200
            made = len(statements)
            answers = [await client.get(path) for _ in range(20)]
        assert made and not [statement for statement in statements if COUNTS.search(statement)], path
        if path in ("/campaigns/light", "/campaigns/light/count.json"):
            assert len(statements) == made, "A crowd within a second asks the record once."
            assert len({answer.headers["etag"] for answer in answers}) == 1


COUNTS = re.compile(r"count\s*\(", re.IGNORECASE)


@contextmanager
def asked(patched: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that goes to PostgreSQL from this process while this lasts, as it goes."""
    statements: list[str] = []
    for name in ("fetch", "fetchrow", "fetchval", "execute", "cursor"):
        really = getattr(asyncpg.Connection, name)

        @functools.wraps(really)
        def heard(self: Any, query: str, *told: Any, really: Any = really, **how: Any) -> Any:
            statements.append(query)
            return really(self, query, *told, **how)

        patched.setattr(asyncpg.Connection, name, heard)
    yield statements
