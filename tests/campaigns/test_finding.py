"""Campaigns as visitors ask for them."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

import front_door
import make
from undersigned.campaigns import finding


async def titles(client: httpx.AsyncClient, words: str = "") -> str:
    """The front page, searched."""
    answer = await client.get("/", params={"q": words} if words else None)
    assert answer.status_code == 200
    return answer.text


async def test_the_front_page_shows_what_is_open_newest_first(client: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    await make.campaign(ask="The older one", opens_at=now - timedelta(days=9))
    await make.campaign(ask="The newer one", opens_at=now - timedelta(days=1))
    for state in ("draft", "submitted", "closed", "archived", "rejected", "removed"):
        await make.campaign(ask=f"One that is {state}", state=state)
    page = await titles(client)
    assert page.index("The newer one") < page.index("The older one")
    assert "One that is" not in page


async def test_what_has_closed_is_listed_by_itself_and_says_when(client: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    assert "No campaign has closed yet." in (await client.get("/?state=closed")).text
    front_door.a_second_passes()
    await make.campaign(ask="One that is open")
    for state in ("draft", "submitted", "rejected", "removed", "archived"):
        await make.campaign(ask=f"One that is {state}", state=state, closes_at=now - timedelta(days=400))
    ended = datetime(2026, 3, 3, 23, 59, tzinfo=UTC)
    await make.campaign(ask="One that is closed", state="closed", closes_at=ended)
    page = (await client.get("/?state=closed")).text
    assert page.index("One that is closed") < page.index("One that is archived")
    assert "Closed on 3 March 2026" in page
    for state in ("open", "draft", "submitted", "rejected", "removed"):
        assert f"One that is {state}" not in page
    assert 'href="/?state=closed"' in await titles(client)


async def test_a_search_finds_what_has_closed_after_what_is_open(client: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    await make.campaign(ask="The old light", opens_at=now - timedelta(days=9))
    await make.campaign(ask="The closed light", state="closed", opens_at=now - timedelta(days=1))
    await make.campaign(
        ask="The ended light", opens_at=now - timedelta(days=2), closes_at=now - timedelta(hours=30)
    )
    await make.campaign(ask="The rejected light", state="rejected")
    page = await titles(client, "light")
    assert page.index("The old light") < page.index("The closed light")
    assert page.index("The old light") < page.index("The ended light")
    assert page.count('class="asks__over"') == 2
    assert "The rejected light" not in page


async def test_every_word_must_be_somewhere(client: httpx.AsyncClient) -> None:
    await make.campaign(title="A light", ask="We ask for a light.", summary="At the bus stop.")
    await make.campaign(title="A bench", ask="We ask for a bench.", summary="At the bus stop.")
    page = await titles(client, "BUS light")
    assert "We ask for a light." in page
    assert "We ask for a bench." not in page
    assert "We ask for a light." not in await titles(client, "light bench")


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; DROP TABLE campaign; --", "\x00", "💥", "x " * 500, "<b>"])
async def test_odd_searches_are_answered_and_find_nothing(client: httpx.AsyncClient, words: str) -> None:
    await make.campaign(ask="We ask for light.")
    answer = await client.get("/", params={"q": words})
    assert answer.status_code in {200, 404}
    assert "We ask for light." not in answer.text
    assert "<b>" not in answer.text.partition("<main")[2]


async def test_what_is_signed_most_within_the_hour_trends(client: httpx.AsyncClient) -> None:
    quiet, busy = await make.campaign(title="Quiet"), await make.campaign(title="Busy")
    await front_door.counted(client, quiet)
    for n in range(2):
        await front_door.counted(client, busy, email=f"person-{n}@example.org")
    assert [(row["title"], row["lately"]) for row in await finding.trending()] == [("Busy", 2), ("Quiet", 1)]


async def test_only_what_closes_within_a_fortnight_is_closing(database: None) -> None:
    now = datetime.now(UTC)
    for days, title in ((20, "Far"), (10, "Near"), (2, "Nearer"), (-1, "Over")):
        await make.campaign(title=title, closes_at=now + timedelta(days=days))
    assert [campaign.title for campaign in await finding.closing()] == ["Nearer", "Near"]


@pytest.mark.parametrize("slug", ["nothing", "LIGHT", "light'", "%00", "light%20"])
async def test_an_address_that_is_nobodys_is_a_kind_404(client: httpx.AsyncClient, slug: str) -> None:
    await make.campaign(slug="light")
    answer = await client.get(f"/campaigns/{slug}")
    assert answer.status_code == 404
    assert "We cannot find that page" in answer.text
    assert 'name="q"' in answer.text


async def test_a_chapter_belongs_to_its_campaign(client: httpx.AsyncClient) -> None:
    light, bench = await make.campaign(slug="light"), await make.campaign(slug="bench")
    await make.chapter(light, slug="bury", introduction="Here in Bury, too.")
    assert light.id != bench.id
    assert "Here in Bury, too." in (await client.get("/campaigns/light/in/bury")).text
    assert (await client.get("/campaigns/bench/in/bury")).status_code == 404
