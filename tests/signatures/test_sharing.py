"""A link that is passed on: by which channel, in which bucket and whose it is, in addresses only."""

import html
import re
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

import front_door
import make
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.privacy import holdings
from undersigned.signatures import sharing

CHANNELS = ["link", "native", "whatsapp", "email", "facebook", "x", "bluesky"]


def shared(page: httpx.Response) -> list[dict[str, list[str]]]:
    """What each address to pass on says of where it comes from."""
    plain = unquote(html.unescape(page.text))
    found = re.findall(r"http://test\.example\.org/campaigns/[\w-]+\?[\w=&-]*\bs=\w+", plain)
    return [parse_qs(urlsplit(address).query) for address in found]


async def test_every_place_has_its_own_channel_and_the_signers_token(client: httpx.AsyncClient) -> None:
    page = await front_door.counted(client, await make.campaign(), bucket="bury-choir")
    links = shared(page)
    assert [link["s"][0] for link in links] == CHANNELS
    assert {link["b"][0] for link in links} == {"bury-choir"}
    assert {tokens.read("share", link["r"][0]) for link in links} == {1}
    assert "amina" not in str(links).lower()


async def test_before_the_name_is_confirmed_the_bucket_goes_on_and_nobody_is_named(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    answer = await front_door.sign(client, campaign, bucket="bury-choir")
    assert answer.headers["location"] == "/campaigns/light/check-your-inbox?b=bury-choir"
    links = shared(await client.get(answer.headers["location"]))
    assert [set(link) for link in links] == [{"b", "s"}] * len(CHANNELS)
    forged = await client.get('/campaigns/light/check-your-inbox?b="><script>')
    assert [set(link) for link in shared(forged)] == [{"s"}] * len(CHANNELS)
    assert "<script>" not in forged.text


async def test_the_campaigns_page_hands_its_visitors_bucket_on_and_its_bytes_are_still_made_once(
    client: httpx.AsyncClient,
) -> None:
    await make.campaign(slug="light")
    for path in ("/campaigns/light", "/campaigns/light?s=poster"):
        assert [set(link) for link in shared(await client.get(path))] == [{"s"}] * len(CHANNELS)
    await db.execute("UPDATE campaign SET title = 'Made anew'")
    page = await client.get("/campaigns/light?b=bury-choir&s=poster")
    assert [(link["b"], link["s"]) for link in shared(page)] == [(["bury-choir"], [name]) for name in CHANNELS]
    assert "Made anew" not in page.text


async def test_who_came_by_a_link_is_a_number_that_tells_nothing_of_any_one_of_them(
    client: httpx.AsyncClient,
) -> None:
    campaign, other = await make.campaign(), await make.campaign()
    token = tokens.issue("share", 1)
    await front_door.counted(client, campaign)
    for name in ("Owen", "Zara", "Idris", "Bronwen", "Tom", "Yusuf"):
        await front_door.counted(
            client, campaign, name=f"{name} Ellis", email=f"{name.lower()}@example.org", share=token
        )
    await front_door.counted(client, other, email="leila@example.org", share=token)
    await front_door.sign(client, campaign, email="noor@example.org", share=token)
    assert await sharing.brought([1, 2]) == {1: 6, 2: 0}
    await db.execute("UPDATE signature SET discounted_at = now() WHERE id = 3")
    assert await sharing.brought([1]) == {1: 6}
    await holdings.withdraw(2, "owen@example.org")
    assert await sharing.brought([1]) == {1: 5}
    await holdings.withdraw(4, "idris@example.org")
    assert await sharing.brought([1]) == {1: 0}


async def test_whoever_shared_and_leaves_takes_nobody_along(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await front_door.counted(
        client, campaign, name="Owen Ellis", email="owen@example.org", share=tokens.issue("share", 1)
    )
    await holdings.erase("amina@example.org")
    kept = await front_door.row("SELECT name, shared_by, confirmed_at IS NOT NULL AS counted FROM signature")
    assert kept == {"name": "Owen Ellis", "shared_by": None, "counted": True}
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1
    late = await front_door.counted(
        client, campaign, name="Zara Ellis", email="zara@example.org", share=tokens.issue("share", 1)
    )
    assert "You are number 3" in late.text
