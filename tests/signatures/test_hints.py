"""A likely slip in an e-mail address is asked about once; whoever is sure goes on, and nobody else is stopped."""

import html
import re

import httpx
import pytest

import front_door
import make
from undersigned.kit import database as db
from undersigned.supporters import hints

SLIPS = {
    "gmial.com": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.co": "gmail.com",
    "gnail.com": "gmail.com",
    "hotmial.co.uk": "hotmail.co.uk",
    "homtail.com": "hotmail.com",
    "hotmail.co.ku": "hotmail.co.uk",
    "hotmail.couk": "hotmail.co.uk",
    "yaho.co.uk": "yahoo.co.uk",
    "outlok.com": "outlook.com",
    "btintenet.com": "btinternet.com",
    "icoud.com": "icloud.com",
    "virginmeida.con": "virginmedia.com",
    "example.con": "example.com",
    "live.co.ku": "live.co.uk",
    "bury-choir.ogr": "bury-choir.org",
}
REAL = (
    *("gmail.com", "hotmail.co.uk", "live.co.uk", "mail.com", "email.com", "ymail.com", "gmx.com", "gmx.co.uk"),
    *("gmx.net", "hotmail.it", "hotmail.fr", "yahoo.ca", "yahoo.co.in", "yahoo.fr", "outlook.ie", "me.com"),
    *("aol.com", "sky.com", "msn.com", "nhs.net", "cloud.com", "hushmail.com", "fastmail.com", "example.org"),
    *("bury.gov.uk", "proton.me", "bt.com", "live.com", "talk21.com"),
)


def fields(page: httpx.Response) -> dict[str, str]:
    """What the hidden fields carry on."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found}


async def written() -> list[str]:
    """The addresses that were written down."""
    return [row["email"] for row in await db.fetch("SELECT email FROM signature ORDER BY id")]


@pytest.mark.parametrize(("slip", "meant"), SLIPS.items())
def test_a_slip_is_told_from_what_was_meant(slip: str, meant: str) -> None:
    assert hints.suggest(f"Amina.R@{slip}") == f"Amina.R@{meant}"
    assert hints.suggest(f"amina@{slip.upper()}") == f"amina@{meant}"


@pytest.mark.parametrize("domain", REAL)
async def test_a_real_domain_is_never_asked_about(client: httpx.AsyncClient, domain: str) -> None:
    answer = await front_door.sign(client, await make.campaign(), email=f"amina@{domain}")
    assert answer.status_code == 303
    assert await written() == [f"amina@{domain}"]


async def test_a_likely_slip_is_asked_about_and_nothing_is_written(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    typed = {"words": 'It is "dark" there.\nAnd cold.', "shows_name": "yes", "bucket": "choir", "later": "field"}
    page = await front_door.sign(client, campaign, email="amina@gmial.com", **typed)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert re.search(r"Is <span[^>]*>amina@gmial.com</span> right\?", page.text)
    assert await written() == []
    assert await db.fetch("SELECT id FROM mail") == []
    assert fields(page) == make.signing(email="amina@gmial.com", **typed)


async def test_the_address_that_was_meant_is_one_press_away(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    page = await front_door.sign(client, campaign, email="amina@gmial.com", words="Dark.")
    # A browser sends the hidden field first and the pressed button after it.
    pressed = [*fields(page).items(), ("email", "amina@gmail.com")]
    assert 'name="email" value="amina@gmail.com"' in page.text
    answer = await client.post(
        f"/campaigns/{campaign.slug}/sign",
        content=str(httpx.QueryParams(pressed)),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 303
    assert await written() == ["amina@gmail.com"]
    assert (await front_door.row("SELECT words FROM signature"))["words"] == "Dark."


async def test_whoever_meant_neither_finds_the_form_as_it_was(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    asked = await front_door.sign(client, campaign, email="amina@gmial.com", words="It is dark.", source="poster")
    again = await client.post(f"/campaigns/{campaign.slug}/sign", data={**fields(asked), "again": "yes"})
    assert again.status_code == 200 and "govuk-error" not in again.text
    for value in ('value="Amina Rahman"', 'value="amina@gmial.com"', "It is dark.", 'value="poster"'):
        assert value in again.text
    assert await db.fetch("SELECT id FROM signature") == []


async def test_whoever_is_sure_signs_with_the_address_as_it_is(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    page = await front_door.sign(client, campaign, email="amina@gmial.com")
    answer = await client.post(f"/campaigns/{campaign.slug}/sign", data=fields(page) | {"email_is_right": "yes"})
    assert answer.status_code == 303
    assert await written() == ["amina@gmial.com"]


async def test_a_mistake_elsewhere_and_a_closed_campaign_come_before_the_question(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    wrong = await front_door.sign(client, campaign, email="amina@gmial.com", postcode="nowhere")
    assert wrong.status_code == 422
    closed = await make.campaign(state="closed")
    assert (await front_door.sign(client, closed, email="amina@gmial.com")).status_code == 410
