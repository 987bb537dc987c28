"""The count on its way to everybody: from memory, kept briefly, called out through Redis, right without it."""

import asyncio

import httpx
import pytest

import front_door
import make
from nodes import nodes
from outages import redis_away
from undersigned.front import routes as front
from undersigned.open_data import routes as open_data
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


async def test_a_name_counted_at_one_node_is_soon_seen_at_another(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make.campaign(slug="light")
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    with nodes(2) as (here, there):
        async with (
            httpx.AsyncClient(base_url=here.base_url) as near,
            httpx.AsyncClient(base_url=there.base_url) as far,
        ):
            assert await count_of(far) == 0
            assert "You are number 1" in (await near.post(link)).text
            await becomes(far, 1)
            assert "1</strong>" in (await far.get("/campaigns/light")).text


async def test_a_page_asked_for_by_a_crowd_counts_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front.shelf, "_seconds", 600.0)
    await make.campaign(slug="light")
    tags = {(await client.get("/campaigns/light")).headers["etag"] for _ in range(20)}
    assert len(tags) == 1
