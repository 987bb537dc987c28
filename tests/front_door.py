"""What a person does at the front door, a press of a button at a time."""

import re
from typing import Any

import httpx

import make
import work
from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.front import routes as front
from undersigned.kit import database as db
from undersigned.open_data import routes as open_data

OWN_WORDS = "My daughter waits at that stop in the dark."


async def sign(client: httpx.AsyncClient, campaign: Campaign, **typed: str) -> httpx.Response:
    """Send the form as Amina would, or as told."""
    return await client.post(f"/campaigns/{campaign.slug}/sign", data=make.signing(**typed))


async def mailed_link(address: str, path: str = "/confirm/") -> str:
    """Let the worker work, and answer the link of the newest message to ``address`` that has one."""
    await work.settle()
    for message in reversed(work.inbox(address)):
        if path in work.text_of(message):
            return work.link_in(message, path)
    raise AssertionError(f"No link to {path} was mailed to {address}.")


async def confirm(client: httpx.AsyncClient, address: str = "amina@example.org") -> httpx.Response:
    """Press the button of the newest e-mail."""
    return await client.post(await mailed_link(address))


async def counted(client: httpx.AsyncClient, campaign: Campaign, **typed: str) -> httpx.Response:
    """Sign and confirm; the page that says the number."""
    answer = await sign(client, campaign, **typed)
    assert answer.status_code == 303, answer.text
    return await confirm(client, make.signing(**typed)["email"])


def writing(**typed: str) -> dict[str, str]:
    """What Amina types on the sheets of a letter to Harriet Vale MP."""
    return {
        "stage": "write",
        "name": "Amina Rahman",
        "email": "amina@example.org",
        "address": "12 Clough Bank\nBury",
        "postcode": "BL9 0SW",
        "constituency": make.BURY_NORTH,
        "reply_to": "me",
        "prompt_why": OWN_WORDS,
    } | typed


async def write(client: httpx.AsyncClient, campaign: Campaign, **typed: str) -> httpx.Response:
    """Fill in the sheets, and answer the page to read once more or the one that names the mistakes."""
    return await client.post(f"/campaigns/{campaign.slug}/write", data=writing(**typed), follow_redirects=True)


def hidden(page: httpx.Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def press_send(client: httpx.AsyncClient, campaign: Campaign, review: httpx.Response) -> httpx.Response:
    """Send what was read once more; the e-mail that asks for the last yes is owed then."""
    typed = {"stage": "send", "token": hidden(review, "token")}
    return await client.post(f"/campaigns/{campaign.slug}/write", data=typed)


async def queued(client: httpx.AsyncClient, campaign: Campaign, **typed: str) -> str:
    """Write, read once more, send and say the last yes; answers the page of a letter that is ready to go."""
    review = await write(client, campaign, **typed)
    assert review.status_code == 200, review.text
    await press_send(client, campaign, review)
    link = await mailed_link(writing(**typed)["email"], "/letters/")
    answer = await say_yes(client, link)
    assert answer.status_code in {200, 303}, answer.text
    return link


async def say_yes(client: httpx.AsyncClient, link: str) -> httpx.Response:
    """Read the letter behind the mailed link, and press its button."""
    page = await client.get(link)
    return await client.post(f"{link}/send", data={"read": hidden(page, "read")})


async def time_passes() -> None:
    """Everything that waits for its time has waited long enough."""
    for table in ("mail", "letter"):
        await db.execute(f"UPDATE {table} SET due_at = now() WHERE due_at > now()")


def a_second_passes() -> None:
    """What a process keeps for a second is as good as new."""
    finding.shelf.forget()
    front.shelf.forget()
    open_data.shelf.forget()


async def lease_runs_out(table: str) -> None:
    """Whoever had work of ``table`` in hand has not been heard of since."""
    await db.execute(f"UPDATE {table} SET leased_until = now() - interval '1 second'")


async def row(sql: str, *values: object) -> dict[str, Any]:
    """The one row of a question to the record."""
    found = await db.fetch(sql, *values)
    assert len(found) == 1, found
    return found[0]
