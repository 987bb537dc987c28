"""The link that ends the news: one press ends it, and looking changes nothing."""

import re

import httpx
import pytest

import front_door
import work
from news.readers import TITLE, ask, counted, link_of
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.privacy import holdings


async def test_each_has_the_headers_of_one_click_and_the_click_needs_nothing_but_itself(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, "amina", "yusuf")
    await ask(client)
    await work.settle()
    (message,) = (one for one in work.inbox("amina@example.org") if TITLE in one["Subject"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://test\.example\.org(/unsubscribe/\S+)>", message["List-Unsubscribe"])
    assert found and found[1] == link_of("amina")
    client.cookies.clear()
    for _ in range(2):
        pressed = await client.post(found[1], data={"List-Unsubscribe": "One-Click"})
        assert pressed.status_code == 200 and "You will hear no more news" in pressed.text
    rows = await db.fetch("SELECT wants_updates, withdrawn_at FROM signature ORDER BY id")
    assert [row["wants_updates"] for row in rows] == [False, True]
    assert [row["withdrawn_at"] for row in rows] == [None, None]
    consent = await front_door.row(
        "SELECT withdrawn_at IS NOT NULL AS ended FROM consent WHERE signature_id = 1 AND purpose = 'updates'"
    )
    assert consent == {"ended": True}


async def test_reading_the_link_changes_nothing_and_shows_a_button(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, "amina")
    link = f"/unsubscribe/{tokens.issue('unsubscribe', 1)}"
    for _ in range(2):
        assert "Send me no more news" in (await client.get(link)).text
    await client.head(link)
    assert (await front_door.row("SELECT wants_updates FROM signature"))["wants_updates"]


@pytest.mark.parametrize("wrong", ["AAAA", tokens.issue("you", 1), tokens.issue("confirm", 1), "x" * 300])
async def test_a_wrong_link_is_refused_and_stops_nothing(
    client: httpx.AsyncClient, campaign: Campaign, wrong: str
) -> None:
    await counted(client, campaign, "amina")
    for answer in (await client.post(f"/unsubscribe/{wrong}"), await client.get(f"/unsubscribe/{wrong}")):
        assert answer.status_code == 404 and "This link does not work" in answer.text
    assert (await front_door.row("SELECT wants_updates FROM signature"))["wants_updates"]


async def test_the_click_of_somebody_who_has_withdrawn_or_been_erased_succeeds_plainly(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, "amina", "yusuf")
    await client.post(f"/you/{tokens.issue('you', 1)}/withdraw", data={"signature": "1"})
    await holdings.erase("yusuf@example.org")
    for signature_id in (1, 2):
        link = f"/unsubscribe/{tokens.issue('unsubscribe', signature_id)}"
        for answer in (await client.get(link), await client.post(link)):
            assert answer.status_code == 200 and "You will hear no more news" in answer.text
