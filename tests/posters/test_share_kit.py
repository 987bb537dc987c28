"""The share kit: a picture that changes with the count, a poster and a sheet that can be heard, and texts."""

import io
import re
from typing import Any

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader

import heard
import make
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit.pages import ASSETS
from undersigned.posters import card, colours, routes
from undersigned.supporters import consents

ASK = "Keep the light on at the bus stop in Bury."


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    routes.shelf.forget()


async def light(**told: Any) -> Campaign:
    return await make.campaign(**({"slug": "light", "title": "A light", "ask": ASK, "hashtag": "ALight"} | told))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


async def test_the_picture_is_small_of_the_size_that_sites_want_and_has_the_number(
    client: httpx.AsyncClient,
) -> None:
    await light()
    first = await client.get("/campaigns/light/card.png")
    assert first.headers["content-type"] == "image/png"
    assert len(first.content) < card.LARGEST
    assert Image.open(io.BytesIO(first.content)).size == (1200, 630)
    await db.execute("UPDATE campaign SET signature_count = 3000000")
    kept = await client.get("/campaigns/light/card.png")
    assert kept.content == first.content, "it is kept for a minute"
    routes.shelf.forget()
    from undersigned.campaigns import finding

    finding.shelf.forget()
    assert (await client.get("/campaigns/light/card.png")).content != first.content
    page = (await client.get("/campaigns/light")).text
    assert re.search(r'og:image" content="http://test\.example\.org/campaigns/light/card\.png\?n=\d+"', page)


@pytest.mark.parametrize(
    "ask", ["Save it.", "Ŵyr, ŷd a gŵydd. " * 8, "Llanfairpwllgwyngyllgogerychwyrndrobwll" * 3]
)
def test_any_ask_fits_into_the_picture_above_the_number(ask: str) -> None:
    campaign = Campaign(ask=ask[:150], kind="petition", theme="moss", signature_count=7, goal=100, hashtag="")
    picture = Image.open(io.BytesIO(card.draw(campaign))).convert("RGB")
    assert picture.getpixel((picture.width - 20, 300)) == picture.getpixel((5, 5)), "nothing runs off the side"
    strip = picture.crop((card.MARGIN, 448, picture.width - card.MARGIN, 458))
    assert len(strip.getcolors() or []) == 1, "nothing stands between the ask and the number"


async def test_the_poster_has_the_ask_the_number_and_where_to_go(client: httpx.AsyncClient) -> None:
    campaign = await light(signature_count=4_183)
    answer = await client.get("/campaigns/light/poster.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    said = words(answer.content)
    assert ASK in said and "4,183" in said and f"test.example.org/c/{campaign.id}" in said and "#ALight" in said
    assert heard.lacks(answer.content) == []
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


async def test_the_longest_ask_and_summary_stay_on_one_page(client: httpx.AsyncClient) -> None:
    await light(ask="We ask for a light. " * 7, summary="Because it is dark there. " * 12)
    assert len(PdfReader(io.BytesIO((await client.get("/campaigns/light/poster.pdf")).content)).pages) == 1


async def test_the_sheet_has_the_consent_and_room_for_names(client: httpx.AsyncClient) -> None:
    campaign = await light()
    answer = await client.get("/campaigns/light/sheet.pdf")
    said = words(answer.content)
    assert "We, the undersigned," in said and consents.to_sign(campaign) in said and "14" in said
    assert heard.lacks(answer.content) == []
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


async def test_an_action_has_a_poster_and_no_sheet(client: httpx.AsyncClient) -> None:
    await light(kind="action")
    assert (await client.get("/campaigns/light/poster.pdf")).status_code == 200
    assert (await client.get("/campaigns/light/sheet.pdf")).status_code == 404
    assert "sheet.pdf" not in (await client.get("/campaigns/light/share")).text


async def test_the_kit_has_texts_to_copy_and_is_linked(client: httpx.AsyncClient) -> None:
    await light()
    page = await client.get("/campaigns/light/share")
    assert f"{ASK} #ALight http://test.example.org/campaigns/light?s=copy" in page.text
    assert "/campaigns/light/share" in (await client.get("/campaigns/light")).text


@pytest.mark.parametrize("name", ["card.png", "poster.pdf", "sheet.pdf", "share"])
async def test_a_draft_has_no_kit(client: httpx.AsyncClient, name: str) -> None:
    await light(state="draft")
    assert (await client.get(f"/campaigns/light/{name}")).status_code == 404


def test_the_seals_are_those_of_the_stylesheet() -> None:
    css = (ASSETS / "site.css").read_text(encoding="utf-8")
    light_scheme = css[: css.index("prefers-color-scheme: dark", css.index(".theme-slate"))]
    assert dict(re.findall(r"\.theme-(\w+) \{ --seal: (#[0-9A-F]{6});", light_scheme)) == colours.SEALS
    assert colours.seal("nothing we know") == colours.SEALS["vermilion"]
