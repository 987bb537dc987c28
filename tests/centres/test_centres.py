"""The directory of reporting centres: the nearest first when we know where somebody is."""

import httpx
import pytest

import make
from undersigned.campaigns.tables import Campaign
from undersigned.centres import finding
from undersigned.centres.tables import Centre
from undersigned.postcodes.postcode import Postcode
from undersigned.settings import settings


async def centre(of: Campaign, name: str, postcode: str, **wanted: object) -> None:
    told = {"address": "1 Mill Lane", "phone": "01632 960123"}
    await Centre(campaign=of.id, name=name, postcode=postcode, **(told | wanted)).save()


async def three(of: Campaign) -> None:
    await centre(of, "Ashgrove", "SG13 8DE")
    await centre(of, "Bridge House", "WD17 3EX", latitude=51.659, longitude=-0.403)
    await centre(of, "The Annexe", "ZZ1 1AA")


def order(page: str) -> list[str]:
    names = ("Ashgrove", "Bridge House", "The Annexe", "Elsewhere")
    return sorted((name for name in names if name in page), key=page.index)


async def test_by_name_when_nobody_says_where_they_are(client: httpx.AsyncClient) -> None:
    await three(await make.campaign(slug="street"))
    page = await client.get("/centres")
    assert page.status_code == 200
    assert order(page.text) == ["Ashgrove", "Bridge House", "The Annexe"]
    assert "Exit this page" in page.text


@pytest.mark.usefixtures("database")
async def test_the_nearest_first_and_those_without_a_point_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "demo", True)
    await three(await make.campaign())
    shown = await finding.nearest(await finding.of(None), Postcode.parse("AL1 3JE"))
    assert [one.name for one in shown] == ["Bridge House", "Ashgrove", "The Annexe"]
    assert shown[0].distance_miles == pytest.approx(7, abs=1)
    assert shown[2].distance_miles is None


async def test_a_postcode_we_cannot_read_leaves_the_list_standing(client: httpx.AsyncClient) -> None:
    await three(await make.campaign())
    page = await client.get("/centres", params={"postcode": "banana"})
    assert page.status_code == 422
    assert "Error:" in page.text
    assert order(page.text) == ["Ashgrove", "Bridge House", "The Annexe"]


async def test_a_place_we_do_not_know_gives_the_list_by_name(client: httpx.AsyncClient) -> None:
    await three(await make.campaign())
    page = await client.get("/centres", params={"postcode": "AL1 3JE"})
    assert page.status_code == 200
    assert order(page.text) == ["Ashgrove", "Bridge House", "The Annexe"]


async def test_only_those_of_one_campaign_or_one_chapter(client: httpx.AsyncClient) -> None:
    campaign, other = await make.campaign(slug="street"), await make.campaign(slug="other")
    chapter = await make.chapter(campaign)
    await centre(campaign, "Ashgrove", "SG13 8DE", chapter=chapter.id)
    await centre(campaign, "Bridge House", "WD17 3EX")
    await centre(other, "Elsewhere", "M2 5PD")
    assert order((await client.get("/centres?campaign=street")).text) == ["Ashgrove", "Bridge House"]
    assert order((await client.get("/centres?campaign=street&chapter=bury")).text) == ["Ashgrove"]
    assert (await client.get("/centres?campaign=nothing")).status_code == 404


async def test_a_draft_campaigns_centres_are_not_listed(client: httpx.AsyncClient) -> None:
    await centre(await make.campaign(state="draft"), "Elsewhere", "M2 5PD")
    assert order((await client.get("/centres")).text) == []
