"""A name is shown on the page only when its owner ticked the box, has confirmed, and stands by it."""

import httpx
import pytest

import front_door
import make
from undersigned.front import showing
from undersigned.kit import database as db
from undersigned.kit import pages
from undersigned.signatures import signers
from undersigned.signatures.signers import Signer
from undersigned.supporters import names


async def test_the_latest_six_are_named_by_first_name_and_constituency(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign()
    for first in ("Amina", "Yusuf", "Zara", "Idris", "Leila", "Noor", "Sami"):
        email = f"{first.lower()}@example.org"
        await front_door.counted(client, campaign, name=f"{first} Rahman", email=email, shows_name="yes")
    shown = await signers.latest(campaign.id)
    assert [signer.name for signer in shown] == ["Sami", "Noor", "Leila", "Idris", "Zara", "Yusuf"]
    assert shown[0] == Signer("Sami", "Bury North")


@pytest.mark.parametrize(
    "change",
    [
        "shows_name = false",
        "confirmed_at = NULL",
        "withdrawn_at = now()",
        "discounted_at = now()",
        "campaign = (SELECT max(id) FROM campaign)",
    ],
)
async def test_nobody_else_is_named(client: httpx.AsyncClient, change: str) -> None:
    campaign = await make.campaign()
    await make.campaign()
    await front_door.counted(client, campaign, shows_name="yes")
    assert len(await signers.latest(campaign.id)) == 1
    await db.execute(f"UPDATE signature SET {change}")
    assert await signers.latest(campaign.id) == []


async def test_a_chapter_names_its_own(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    chapter = await make.chapter(campaign)
    await front_door.counted(client, campaign, shows_name="yes")
    assert await signers.latest(campaign.id, chapter.id) == []
    await db.execute("UPDATE signature SET chapter = $1", chapter.id)
    assert len(await signers.latest(campaign.id, chapter.id)) == 1


async def test_the_page_names_them_under_the_count(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    context = await showing.campaign(campaign) | {"signers": [Signer("Amina", "Bury North"), Signer("Owen", "")]}
    assert "Lately: Amina, Bury North; Owen." in pages.render("campaigns/campaign.html", **context)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Amina Rahman", "Amina"),
        ("Dr. Amina Rahman", "Amina"),
        ("Amina", "Amina"),
        ("Mr Ellis", "Ellis"),
        ("", ""),
    ],
)
def test_a_first_name_has_no_title(name: str, first: str) -> None:
    assert names.first(name) == first
