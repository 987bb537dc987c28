"""A name is shown on the page only when its owner ticked the box, has confirmed, and stands by it."""

import shutil
from collections.abc import Iterator

import httpx
import pytest

import front_door
import make
from shared_data import shared
from undersigned.front import showing
from undersigned.kit import database as db
from undersigned.kit import pages
from undersigned.postcodes import places
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
        ("Mr Ellis", ""),
        ("The Revd Miriam Oakes", "Miriam"),
        ("Mr. & Mrs. Smith", ""),
        ("Smith, John", "John"),
        ("SMITH John", "John"),
        ("OWEN ELLIS", "OWEN"),
        ("J. R. Ellis", "J."),
        ("Siân", "Siân"),
        ("王小明", ""),
        ("김 민준", ""),
        ("Ольга Петрова", "Ольга"),
        ("", ""),
    ],
)
def test_a_first_name_is_neither_a_title_nor_the_name_of_a_family(name: str, first: str) -> None:
    assert names.first(name) == first


@pytest.fixture
def geonames() -> Iterator[None]:
    """The gazetteer, for as long as one test wants it."""
    folder = places.data_file().parent
    folder.mkdir(parents=True)
    shutil.copy(shared("geonames") / "GB.txt", folder / "GB.txt")
    yield
    shutil.rmtree(folder)


@pytest.mark.usefixtures("geonames")
async def test_with_a_gazetteer_the_town_is_named_and_not_the_constituency(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign()
    await front_door.counted(client, campaign, shows_name="yes", postcode="M2 5PD")
    await front_door.counted(client, campaign, name="Zara Ellis", email="z@example.org", shows_name="yes",
                             country="FR", postcode="")  # fmt: skip
    assert await signers.latest(campaign.id) == [Signer("Zara", ""), Signer("Amina", "Manchester")]
