"""Every page that can be asked for answers, with what it expects and with nonsense; none of them breaks."""

import re

import httpx
import pytest
from litestar.routes import HTTPRoute

import make
from undersigned.app import app
from undersigned.kit import tokens
from undersigned.staff import members

PAGES = sorted(
    route.path_format
    for route in app.routes
    if isinstance(route, HTTPRoute)
    and "GET" in route.methods
    and not route.path.startswith(("/assets", "/schema"))
)
AGREED = {
    *("/", "/campaigns/{slug}", "/campaigns/{slug}/in/{chapter}", "/campaigns/{slug}/sign", "/confirm/{token}"),
    *("/campaigns/{slug}/write", "/letters/{token}", "/you/{token}", "/your-mp", "/centres", "/report"),
    *("/campaigns/{slug}/count.json", "/campaigns.json", "/trending.json", "/petitions.json"),
    *(
        "/petitions/{slug}/count.json",
        "/campaigns/{slug}/dashboard",
        "/campaigns/{slug}/map",
        "/campaigns/{slug}/events.ics",
    ),
    *("/livez", "/readyz", "/metrics", "/api/postcodes/{postcode}"),
}
"""The addresses of the design that exist; others link to them, so they stay."""

NONSENSE = ["nowhere", "0", "-1", "99999999999999999999", "%F0%9F%92%8C", "a'b\"c", "..%2f..%2fetc", "x" * 300]


async def _everything() -> dict[str, str]:
    """One of each thing that has an address, by the name it has in the address."""
    campaign = await make.campaign(slug="a-light")
    chapter = await make.chapter(campaign)
    letter = await make.letter(campaign=campaign)
    return {
        "slug": campaign.slug,
        "chapter": chapter.slug,
        "postcode": "BL9 0SW",
        "file": f"{campaign.id}.json",
        "letter_id": str(letter.id),
        "letter": tokens.issue("letter", letter.id),
    }


def _address(page: str, known: dict[str, str]) -> str:
    if page.startswith("/letters/{token"):
        return f"/letters/{known['letter']}"
    return re.sub(r"\{(\w+)\}", lambda place: known.get(place[1], "nowhere"), page)


async def _as_staff(client: httpx.AsyncClient) -> None:
    link = (await members.invite("owen@example.org")).link
    page = await client.get(httpx.URL(link).path)
    assert page.status_code == 200
    signed_in = await client.post(httpx.URL(link).path)
    assert signed_in.status_code < 400


def test_the_addresses_that_were_agreed_exist() -> None:
    assert set(PAGES) >= AGREED, sorted(AGREED - set(PAGES))


async def test_every_page_answers(client: httpx.AsyncClient) -> None:
    known = await _everything()
    await _as_staff(client)
    answers = {page: (await client.get(_address(page, known))).status_code for page in PAGES}
    assert {page: status for page, status in answers.items() if status >= 500} == {}
    agreed = {page: answers[page] for page in AGREED - {"/confirm/{token}", "/you/{token}"}}
    assert {page: status for page, status in agreed.items() if status != 200} == {}


@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_no_page_breaks_over_nonsense(client: httpx.AsyncClient, nonsense: str) -> None:
    await _as_staff(client)
    for page in PAGES:
        address = re.sub(r"\{\w+\}", lambda _: nonsense, page)
        query = {"postcode": nonsense, "q": nonsense, "page": nonsense, "campaign": nonsense, "from": nonsense}
        answer = await client.get(address, params=query)
        assert answer.status_code < 500, (address, answer.text)
