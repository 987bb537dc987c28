"""The directory of reporting centres: the nearest first when we know where somebody is."""

import shutil
from pathlib import Path

import httpx
import pytest

import make
import shared_data
from undersigned.campaigns.tables import Campaign
from undersigned.centres.tables import Centre
from undersigned.kit import days
from undersigned.settings import settings

NAMES = ("Ashgrove", "Bridge House", "The Annexe", "Elsewhere", "Quern Street")


async def centre(of: Campaign, name: str, postcode: str, **wanted: object) -> None:
    told = {"address": "1 Mill Lane", "phone": "01632 960123"}
    await Centre(campaign=of.id, name=name, postcode=postcode, **(told | wanted)).save()


async def three(of: Campaign) -> None:
    await centre(of, "Ashgrove", "SG13 8DE")
    await centre(of, "Bridge House", "WD17 3EX", latitude=51.659, longitude=-0.403)
    await centre(of, "The Annexe", "ZZ1 1AA")


def order(page: str) -> list[str]:
    return sorted((name for name in NAMES if name in page), key=page.index)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a demo knows without a file of places: its own buildings, and the middles of postcode areas."""
    monkeypatch.setattr(settings, "demo", True)


@pytest.fixture
def geonames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real file of places, beside an index that stays where it is."""
    (tmp_path / "geonames").mkdir()
    shutil.copy(shared_data.shared("geonames") / "GB.txt", tmp_path / "geonames" / "GB.txt")
    monkeypatch.setattr(settings, "var", tmp_path)


async def test_all_of_them_when_nobody_says_where_they_are(client: httpx.AsyncClient) -> None:
    await three(await make.campaign(slug="street"))
    page = await client.get("/centres")
    assert page.status_code == 200
    assert order(page.text) == ["Ashgrove", "Bridge House", "The Annexe"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("asked", ["postcode=AL1+3JE", "postcode=al1", "postcode=AL1+3", "postcode=AL13JE"])
async def test_the_nearest_first_and_those_without_a_point_last(client: httpx.AsyncClient, asked: str) -> None:
    await three(await make.campaign())
    page = await client.get(f"/centres?{asked}")
    assert page.status_code == 200 and "Nearest to AL1" in page.text
    assert order(page.text) == ["Bridge House", "Ashgrove", "The Annexe"]
    assert "About 7 miles away" in page.text


@pytest.mark.usefixtures("demo")
async def test_twenty_are_near_enough_and_all_are_one_link_away(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="street")
    for number in range(21):
        await centre(campaign, f"Room {number}", "SG13 8DE")
    page = (await client.get("/centres?postcode=SG13&campaign=street")).text
    assert page.count('class="centre"') == 20
    assert '<a href="/centres?campaign=street">All 21 centres, by area</a>' in page


@pytest.mark.usefixtures("geonames")
async def test_the_nearest_to_a_town(client: httpx.AsyncClient) -> None:
    await three(await make.campaign())
    page = await client.get("/centres", params={"postcode": "watford"})
    assert page.status_code == 200 and "Nearest to Watford" in page.text
    assert order(page.text) == ["Bridge House", "Ashgrove", "The Annexe"]


@pytest.mark.usefixtures("geonames")
async def test_a_town_of_which_there_are_many_is_asked_about_by_county(client: httpx.AsyncClient) -> None:
    await three(await make.campaign(slug="street"))
    page = await client.get("/centres", params={"postcode": "Ashford", "campaign": "street"})
    assert page.status_code == 200 and "Which Ashford?" in page.text
    assert len(order(page.text)) == 3
    link = "/centres?campaign=street&amp;postcode=Ashford%2C%20Kent"
    assert f'href="{link}"' in page.text
    assert "Nearest to Ashford" in (await client.get(link.replace("&amp;", "&"))).text


@pytest.mark.usefixtures("geonames")
async def test_a_town_spelt_wrongly_is_answered_with_those_that_may_be_meant(client: httpx.AsyncClient) -> None:
    await three(await make.campaign())
    page = await client.get("/centres", params={"postcode": "Hertfrod"})
    assert page.status_code == 422 and "Did you mean one of these?" in page.text
    assert '<a href="/centres?postcode=Hertford">' in page.text


async def test_a_town_where_a_centre_stands_needs_no_file_of_places(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await centre(
        campaign, "Ashgrove", "SG14 1AA", address="9 Quern Lane, Hertford", latitude=51.8, longitude=-0.08
    )
    await centre(campaign, "Bridge House", "WD17 3EX", latitude=51.659, longitude=-0.403)
    page = await client.get("/centres", params={"postcode": "hertford"})
    assert "Nearest to Hertford" in page.text
    assert order(page.text) == ["Ashgrove", "Bridge House"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("banana", "We do not know a place called “banana”"), ("BL9 0S!", "That is not a UK postcode")],
)
async def test_what_we_cannot_read_leaves_the_list_standing(
    client: httpx.AsyncClient, typed: str, sentence: str
) -> None:
    await three(await make.campaign())
    page = await client.get("/centres", params={"postcode": typed})
    assert page.status_code == 422
    assert "<title>Error: Places near you" in page.text and sentence in page.text
    assert order(page.text) == ["Ashgrove", "Bridge House", "The Annexe"]


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "\0", "x" * 500, "'; DROP TABLE centre; --"])
async def test_nonsense_is_told_back_as_words_and_nothing_more(client: httpx.AsyncClient, typed: str) -> None:
    await three(await make.campaign())
    page = await client.get("/centres", params={"postcode": typed})
    assert page.status_code in {200, 404, 422} and "<script>alert" not in page.text
    assert len(order((await client.get("/centres")).text)) == 3


async def test_a_place_that_we_cannot_find_gives_all_of_them_and_says_so(client: httpx.AsyncClient) -> None:
    await three(await make.campaign())
    page = await client.get("/centres", params={"postcode": "AL1 3JE"})
    assert page.status_code == 200
    assert "We cannot tell how far each of them is from AL1" in page.text
    assert order(page.text) == ["Ashgrove", "Bridge House", "The Annexe"]


async def test_without_a_place_they_stand_by_area_then_chapter_then_town(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="street")
    bury = await make.chapter(campaign)
    await centre(campaign, "Elsewhere", "M2 5PD", area="Zetland")
    await centre(campaign, "The Annexe", "BL9 0SW", chapter=bury.id)
    await centre(campaign, "Bridge House", "BL9 0SW", chapter=bury.id)
    await centre(campaign, "Ashgrove", "LE1 9BG", address="1 Mill Lane, Leicester")
    page = (await client.get("/centres?campaign=street")).text
    assert order(page) == ["Bridge House", "The Annexe", "Ashgrove", "Elsewhere"]
    headings = [f'<h3 class="area">{area}</h3>' for area in ("Bury", "Leicester", "Zetland")]
    assert sorted(headings, key=page.index) == headings


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
    page = (await client.get("/centres")).text
    assert order(page) == [] and "No centre is listed here yet" in page


async def test_what_we_do_not_know_of_a_centre_is_said(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await centre(campaign, "Ashgrove", "SG13 8DE", step_free=None)
    page = (await client.get("/centres")).text
    assert "Not known: ask before you go" in page and "Not yet: ring before you go" in page
    await Centre.update({Centre.checked_on: days.today(), Centre.step_free: True}, force=True)
    page = (await client.get("/centres")).text
    assert "before you go" not in page
    await Centre.update({Centre.checked_on: days.today().replace(year=days.today().year - 1)}, force=True)
    assert "That is long ago: ring before you go" in (await client.get("/centres")).text


@pytest.mark.parametrize("path", ["/centres", "/centres?postcode=banana", "/centres?campaign=street", "/report"])
async def test_every_view_has_the_way_out_and_the_lines_to_call(client: httpx.AsyncClient, path: str) -> None:
    await make.campaign(slug="street")
    page = (await client.get(path)).text
    assert page.index("Exit this page") < page.index("<h1>")
    for line in ('tel:999"', 'tel:101"', "18000", "www.report-it.org.uk", "tel:08081689111", "tel:0800555111"):
        assert line in page, line


@pytest.mark.parametrize(
    "path", ["/centres", "/centres?postcode=banana&campaign=street", "/report?campaign=street"]
)
async def test_a_visit_leaves_no_trace_with_us_in_caches_or_in_titles(
    client: httpx.AsyncClient, path: str
) -> None:
    await make.campaign(slug="street", title="A place to tell it")
    page = await client.get(path)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers
    title = page.text.partition("<title>")[2].partition("</title>")[0]
    assert title.endswith(("Places near you – Undersigned", "What you can do – Undersigned"))
    assert "banana" not in title


async def test_the_page_on_reporting_keeps_to_its_campaign(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="street")
    await make.chapter(campaign)
    page = await client.get("/report?campaign=street&chapter=bury")
    assert 'href="/centres?campaign=street&amp;chapter=bury"' in page.text
    assert 'href="/campaigns/street/in/bury"' in page.text
    assert (await client.get("/report?campaign=nothing")).status_code == 404


async def test_a_campaign_with_centres_leads_to_both_pages(client: httpx.AsyncClient) -> None:
    await three(await make.campaign(slug="street"))
    page = (await client.get("/campaigns/street")).text
    assert 'href="/centres?campaign=street"' in page and 'href="/report?campaign=street"' in page
