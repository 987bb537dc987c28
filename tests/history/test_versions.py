"""A letter that was sent shows the text that it began as, whatever has become of that text since."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest

import front_door
import make
from editing.desk import page, plain
from staff.visits import sign_in
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.letters import template, versions

OLD = "I live in {{ constituency.name }}, and I am writing to you as my MP"
NEW = "My home is in {{ constituency.name }}, and I turn to you as my MP"


@pytest.fixture
async def campaign(client: httpx.AsyncClient, folder: Path) -> Campaign:
    """A campaign with the hate-crime letter, Harriet Vale MP, and Owen at the desk."""
    await make.mp()
    await sign_in(client)
    return await make.campaign(slug="light", title="A light")


def ship(folder: Path, old: str = OLD, new: str = NEW) -> None:
    """The next release brings other words."""
    file = folder / "hate-crime" / "letter.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


async def test_a_letter_shows_the_shipped_text_it_used_after_the_file_has_changed(
    client: httpx.AsyncClient, campaign: Campaign, folder: Path
) -> None:
    await front_door.write(client, campaign)
    before = await page(client, "/staff/letters/1")
    assert "which has not changed since" in plain(before)
    ship(folder)
    after = await page(client, "/staff/letters/1")
    assert "It has changed since" in after
    (link,) = re.findall(r'href="(/staff/templates/hate-crime/versions/[0-9a-f]{12})"', after)
    shown = await page(client, link)
    assert "I live in {{ constituency.name }}" in shown and "My home is in" not in shown
    (changes,) = re.findall(r'href="(/staff/templates/hate-crime/differences\?old=[0-9a-f]{12})"', after)
    differences = await page(client, changes)
    assert "<del>I live </del>" in differences and "<ins>My home is </ins>" in differences


async def test_a_text_is_kept_once_however_many_write_with_it(
    client: httpx.AsyncClient, campaign: Campaign, folder: Path
) -> None:
    for name in ("Amina Rahman", "Yusuf Rahman"):
        await front_door.write(client, campaign, name=name)
    shown = await page(client, "/staff/templates/hate-crime/versions")
    assert shown.count("/staff/templates/hate-crime/versions/") == 1
    assert '<td data-label="Letters written with it" class="figure">2</td>' in shown
    ship(folder)
    shown = await page(client, "/staff/templates/hate-crime/versions")
    assert shown.count("/staff/templates/hate-crime/versions/") == 2
    assert shown.count(">Now<") == 1


async def test_a_text_is_kept_once_when_many_begin_at_once(client: httpx.AsyncClient, campaign: Campaign) -> None:
    writers = [front_door.write(client, campaign, name=f"{name} Rahman") for name in ("Amina", "Yusuf", "Zara")]
    await asyncio.gather(*writers)
    assert len(await db.fetch("SELECT id FROM letter_version")) == 1


async def test_a_letter_whose_text_was_not_kept_says_so(client: httpx.AsyncClient, campaign: Campaign) -> None:
    letter = await make.letter(campaign=campaign, template_version="0123456789ab")
    assert "was not kept" in await page(client, f"/staff/letters/{letter.id}")
    answer = await client.get("/staff/templates/hate-crime/versions/0123456789ab")
    assert answer.status_code == 404
    assert "was not kept" in answer.text


async def test_every_letter_is_listed_with_the_campaign_that_uses_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    listed = plain(await page(client, "/staff/templates"))
    assert f"{len(versions.shipped_names())} letters, by title" in listed
    assert "Ask your MP what is done about hate crime herehate-crime A light Shipped" in listed


async def test_a_shipped_letter_with_a_mistake_is_listed_with_it(
    client: httpx.AsyncClient, campaign: Campaign, folder: Path
) -> None:
    ship(folder, "{{ constituency.name }}", "{{ constituency.nmae }}")
    listed = await page(client, "/staff/templates")
    assert "there is no field “constituency.nmae”" in listed


@pytest.mark.parametrize("name", versions.shipped_names())
def test_a_fingerprint_is_what_the_reader_of_templates_says(name: str) -> None:
    version = versions.shipped(name)
    assert version is not None
    assert template.parse(name, version.source).version == version.version
