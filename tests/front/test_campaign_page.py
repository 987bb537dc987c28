"""The page that people sign: the ask, the count and the form, the same bytes for everybody."""

import asyncio

import httpx
import pytest

import front_door
import make
from undersigned.campaigns.tables import Update
from undersigned.endorsements.tables import Endorsement
from undersigned.front import routes
from undersigned.kit import database as db


async def test_it_shows_the_ask_the_count_and_the_form(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light", title="A light", signature_count=4_183, goal=5_000)
    page = await client.get("/campaigns/light")
    assert page.status_code == 200
    assert campaign.ask in page.text
    assert "<strong data-count-number>4,183</strong>" in page.text
    assert "5,000" in page.text
    assert 'action="/campaigns/light/sign" method="post"' in page.text
    for field in ("name", "email", "postcode", "country"):
        assert f'name="{field}"' in page.text
    assert campaign.consent_wording in page.text


async def test_it_may_be_kept_for_a_second_and_sets_no_cookie(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    page = await client.get("/campaigns/light")
    assert "public" in page.headers["cache-control"]
    assert "max-age=1," in page.headers["cache-control"] + ","
    assert "set-cookie" not in page.headers
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


async def test_a_crowd_is_shown_a_page_that_was_made_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes.shelf, "_seconds", 60.0)
    await make.campaign(slug="light")
    pages = await asyncio.gather(*(client.get("/campaigns/light") for _ in range(50)))
    assert len({page.content for page in pages}) == 1
    await db.execute("UPDATE campaign SET signature_count = 9999")
    assert "9,999" not in (await client.get("/campaigns/light")).text
    routes.shelf.forget()
    assert "9,999" in (await client.get("/campaigns/light")).text


async def test_the_first_name_is_still_to_come(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    assert "Yours would be the first name." in (await client.get("/campaigns/light")).text


async def test_what_the_campaigner_wrote_is_shown_and_cannot_harm(client: httpx.AsyncClient) -> None:
    body = "It is **dark**. <script>alert(1)</script> [here](javascript:alert(1)) <img src=x onerror=alert(1)>"
    await make.campaign(slug="light", title="A <i>light</i>", body=body)
    page = (await client.get("/campaigns/light")).text
    assert "<strong>dark</strong>" in page
    assert "<script>alert" not in page
    assert "<i>light" not in page
    assert 'href="javascript' not in page
    assert "<img src=" not in page


async def test_the_source_goes_along_into_the_form(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    assert 'name="source" value="poster-7"' in (await client.get("/campaigns/light?s=poster-7")).text
    assert 'name="source" value=""' in (await client.get('/campaigns/light?s="><b>')).text


async def test_a_closed_campaign_stays_as_a_record_without_a_form(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light", state="closed", signature_count=12)
    page = await client.get("/campaigns/light")
    assert page.status_code == 200
    assert "stays as a record" in page.text
    assert 'action="/campaigns/light/sign"' not in page.text


async def test_only_endorsements_that_were_passed_are_shown(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    for state in ("shown", "hidden"):
        await Endorsement(campaign=campaign.id, name=f"The {state} choir", state=state).save()
    page = (await client.get("/campaigns/light")).text
    assert "The shown choir" in page
    assert "The hidden choir" not in page


async def test_a_chapter_has_its_own_words_news_and_count(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light", signature_count=100)
    chapter = await make.chapter(campaign, introduction="Here in Bury, too.", signature_count=7)
    for of, title in ((None, "National news"), (chapter.id, "Bury news")):
        await Update(
            campaign=campaign.id, chapter=of, title=title, body="Yes.", published_at=campaign.created_at
        ).save()
    page = (await client.get("/campaigns/light/in/bury")).text
    assert "Here in Bury, too." in page
    assert "7 of them in Bury." in page
    assert "Bury news" in page
    assert "National news" not in page
    assert 'name="chapter" value="bury"' in page


async def test_names_of_signers_are_nowhere_unless_they_asked(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    await front_door.counted(client, campaign)
    routes.shelf.forget()
    assert "Amina" not in (await client.get("/campaigns/light")).text


async def test_whoever_asked_to_be_shown_is_shown_by_first_name_and_seat_alone(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign()
    await front_door.counted(client, campaign, shows_name="yes")
    await front_door.counted(client, campaign, name="Owen Ellis", email="owen@example.org")
    routes.shelf.forget()
    page = (await client.get(f"/campaigns/{campaign.slug}")).text
    assert "Amina, Bury North" in page
    assert "Rahman" not in page
    assert "Owen" not in page


async def test_the_short_link_leads_to_the_campaign_and_says_that_it_was_scanned(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    answer = await client.get(f"/c/{campaign.id}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/campaigns/{campaign.slug}?s=qr")
    page = await client.get(answer.headers["location"])
    assert '<input type="hidden" name="source" value="qr">' in page.text
    await db.execute("UPDATE campaign SET slug = 'another-name'")
    assert (await client.get(f"/c/{campaign.id}")).headers["location"] == "/campaigns/another-name?s=qr"


@pytest.mark.parametrize("number", ["999", "0", "-1", "9" * 30])
async def test_a_short_link_to_nothing_is_said_so(client: httpx.AsyncClient, number: str) -> None:
    assert (await client.get(f"/c/{number}")).status_code in {400, 404}
