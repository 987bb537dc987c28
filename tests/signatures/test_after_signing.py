"""What somebody is asked next, before their name is counted and after: one thing large, the others small."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

import front_door
import make
from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.events.tables import Event
from undersigned.kit import database as db
from undersigned.settings import settings


def ladder(page: httpx.Response) -> list[str]:
    """The steps that a page offers, in its order, the large one with a star."""
    found = re.findall(r'class="step step--(\w+)( step--large)?"', page.text)
    return [f"{name}{'*' if large else ''}" for name, large in found]


async def event(of: Campaign, title: str, days: int, postcode: str = "", chapter: Chapter | None = None) -> None:
    """Two hours on some later day."""
    starts_at = datetime.now(UTC) + timedelta(days=days)
    await Event(
        campaign=of.id,
        chapter=chapter.id if chapter else None,
        title=title,
        place="The square",
        postcode=postcode,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    ).save()


async def test_before_confirming_the_link_is_the_one_large_thing_and_sharing_comes_next(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    answer = await front_door.sign(client, campaign)
    page = await client.get(answer.headers["location"])
    assert "<h1>Now press the link in your e-mail</h1>" in page.text
    assert ladder(page) == ["share"]
    assert "amina" not in page.text.lower()


async def test_after_confirming_one_shares_then_writes_then_comes_along_then_asks_to_hear_more(
    client: httpx.AsyncClient,
) -> None:
    await make.mp()
    campaign = await make.campaign(interest='{"wording": "Tell me.", "regions": ["North"]}')
    await event(campaign, "A vigil", 3)
    page = await front_door.counted(client, campaign)
    assert ladder(page) == ["share*", "write", "event", "interest"]
    assert "Your MP is" in page.text
    assert re.search(r"Harriet Vale MP <small>speaks for Bury North", page.text)
    assert re.search(r'href="/campaigns/[^"]+/write\?from=[^"]+">Write to Harriet Vale MP</a>', page.text)
    assert f'href="/campaigns/{campaign.slug}#interest"' in page.text


async def test_only_what_can_be_done_is_offered_and_the_first_of_it_is_large(client: httpx.AsyncClient) -> None:
    await make.mp()
    bare = await make.campaign(letter="")
    page = await front_door.counted(client, bare)
    assert ladder(page) == ["share*"]
    assert "Harriet Vale MP" in page.text
    paused = await make.campaign(slug="paused")
    await front_door.sign(client, paused)
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("UPDATE campaign SET paused_at = now(), paused_why = 'A burst.' WHERE slug = 'paused'")
    assert ladder(await client.post(link)) == ["write*"]


async def test_a_campaign_that_has_closed_meanwhile_asks_for_nothing(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("UPDATE campaign SET closes_at = now() - interval '1 hour'")
    page = await client.post(link)
    assert "You are number 1" in page.text
    assert ladder(page) == []


async def test_an_estimated_seat_is_called_so_and_another_can_be_chosen(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    await db.execute("UPDATE signature SET match = 'estimated'")
    page = await front_door.confirm(client)
    assert "as far as we can tell from your postcode" in page.text
    assert "Not your MP?" in page.text


async def test_the_nearest_gathering_of_any_chapter_is_the_one_that_is_named(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "demo", True)
    campaign = await make.campaign()
    bury = await make.chapter(campaign)
    await event(campaign, "Soon and far away", 1, "SW1A 0AA")
    await event(campaign, "Later and next door", 9, "BL9 0SW", bury)
    page = await front_door.counted(client, campaign)
    assert "Later and next door" in page.text
    assert "less than a mile from you" in page.text
    assert "Soon and far away" not in page.text
    assert "The other date" in page.text


async def test_a_gathering_at_a_postcode_that_the_index_does_not_know_has_its_place_too(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "demo", True)
    campaign = await make.campaign()
    await event(campaign, "In Westminster", 1, "SW1A 0AA")
    await event(campaign, "In Oldham", 9, "OL1 1AA")
    page = await front_door.counted(client, campaign)
    assert "In Oldham" in page.text and "In Westminster" not in page.text
    assert re.search(r"about (8|9|10) miles from you", page.text)


async def test_where_nothing_is_near_the_soonest_is_named_and_no_distance(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "demo", True)
    campaign = await make.campaign()
    await event(campaign, "Online", 1)
    await event(campaign, "In Westminster", 9, "SW1A 0AA")
    page = await front_door.counted(client, campaign, postcode="BT1 5GS")
    assert "Online" in page.text and "In Westminster" not in page.text
    assert "from you" not in page.text


async def test_without_a_map_the_soonest_gathering_is_named_and_no_distance(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await event(campaign, "The second", 9, "BL9 0SW")
    await event(campaign, "The first", 1, "SW1A 0AA")
    await event(campaign, "Over", -3)
    page = await front_door.counted(client, campaign)
    assert "The first" in page.text and "The second" not in page.text and "Over" not in page.text
    assert "from you" not in page.text
