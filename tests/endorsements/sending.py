"""Standing behind a campaign as people do: the form with a picture, the link in the e-mail, the desk."""

import re

import httpx

import front_door
from staff.visits import token
from undersigned.campaigns.tables import Campaign

QUOTE = "My daughter waits at that stop in the dark."


def typing(**typed: str) -> dict[str, str]:
    """What Amina types."""
    return {
        "kind": "person",
        "name": "Amina Rahman",
        "role": "Bus driver",
        "organisation": "Bury",
        "quote": QUOTE,
        "email": "amina@example.org",
    } | typed


async def send(
    client: httpx.AsyncClient, campaign: Campaign, picture: bytes = b"", **typed: str
) -> httpx.Response:
    """Send the form."""
    files = {"picture": ("me.jpg", picture, "image/jpeg")} if picture else {"picture": ("", b"", "text/plain")}
    return await client.post(f"/campaigns/{campaign.slug}/endorse", data=typing(**typed), files=files)


async def confirmed(client: httpx.AsyncClient, campaign: Campaign, picture: bytes = b"", **typed: str) -> str:
    """Send and confirm; answers the page of one's own."""
    answer = await send(client, campaign, picture, **typed)
    assert answer.status_code == 303, answer.text
    link = await front_door.mailed_link(typing(**typed)["email"], "/endorsements/")
    assert (await client.post(link)).status_code == 303
    return link


async def press(
    client: httpx.AsyncClient, campaign: Campaign, act: str, which: int = 1, **typed: str
) -> httpx.Response:
    """Press a button beside one at the desk."""
    told = {"form_token": await token(client), "act": act} | typed
    return await client.post(f"/staff/campaigns/{campaign.slug}/endorsements/{which}", data=told)


async def wall(client: httpx.AsyncClient, campaign: Campaign, query: str = "") -> str:
    """What everybody sees."""
    front_door.a_second_passes()
    return (await client.get(f"/campaigns/{campaign.slug}/endorsements{query}")).text


def names(page: str) -> list[str]:
    """Who is on a page, in order."""
    return re.findall(r'signatory__name" dir="auto">([^<]*)<', page)
