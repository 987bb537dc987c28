"""Those who want news, the button at the desk, and who got what."""

from datetime import UTC, datetime
from typing import Any

import httpx

import front_door
import work
from staff.visits import token
from undersigned.campaigns.tables import Campaign, Update

PEOPLE = {"amina": "Amina Rahman", "yusuf": "Yusuf Rahman", "bronwen": "Bronwen Llŷr", "tom": "Tom Ackroyd"}
TITLE = "The council has answered"
DESK = "/staff/campaigns/light/news"


async def news(campaign: Campaign, **told: Any) -> Update:
    body = "It will put a light at the stop **in May**."
    row = Update(
        **{"campaign": campaign.id, "title": TITLE, "body": body, "published_at": datetime.now(UTC)} | told
    )
    await row.save()
    return row


async def counted(client: httpx.AsyncClient, campaign: Campaign, *names: str, **typed: str) -> None:
    """These people of PEOPLE sign, ask for news and confirm."""
    for name in names:
        told = {"name": PEOPLE[name], "email": f"{name}@example.org", "wants_updates": "yes"}
        await front_door.counted(client, campaign, **(told | typed))


async def ask(client: httpx.AsyncClient, update_id: int = 1) -> httpx.Response:
    """Press the button at the desk."""
    return await client.post(f"{DESK}/{update_id}", data={"form_token": await token(client)})


def who_got_it(title: str = TITLE) -> list[str]:
    """The mailboxes with the news in them, each as often as it is there."""
    told = [message for message in work.inbox() if str(message["Subject"]).startswith(title)]
    return sorted(str(message["Delivered-To"]).split("@")[0] for message in told)


def link_of(name: str) -> str:
    """The link in the mail that ends the news."""
    return work.link_in(work.inbox(f"{name}@example.org")[-1], "/unsubscribe/")
