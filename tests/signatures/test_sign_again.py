"""Whoever took their name off stays off until they themselves have confirmed that they sign again."""

from typing import Any

import httpx

import front_door
import make
import work
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.signatures import confirmation
from undersigned.signatures.tables import Tally


async def left(client: httpx.AsyncClient, **typed: str) -> Campaign:
    """A campaign that Amina has signed, confirmed and left."""
    campaign = await make.campaign()
    await front_door.counted(client, campaign, **typed)
    await take_off(client)
    return campaign


async def take_off(client: httpx.AsyncClient) -> None:
    await client.post(f"/you/{tokens.issue('you', 1)}/withdraw", data={"signature": "1"})


async def amina() -> dict[str, Any]:
    return await front_door.row("SELECT * FROM signature WHERE id = 1")


async def count() -> int:
    return int((await front_door.row("SELECT signature_count AS n FROM campaign"))["n"])


async def test_another_name_from_elsewhere_changes_nothing_and_mails_nobody(client: httpx.AsyncClient) -> None:
    campaign = await left(client)
    before, mailed = await amina(), len(work.inbox())
    await front_door.sign(client, campaign, name="Owen Ellis", postcode="M2 5PD")
    await work.settle()
    assert await amina() == before
    assert len(work.inbox()) == mailed


async def test_another_name_from_elsewhere_writes_to_whoever_has_not_left(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await front_door.counted(client, campaign, name="Yusuf Rahman")
    await take_off(client)
    await front_door.sign(client, campaign, name="Owen Ellis", postcode="M2 5PD")
    await work.settle()
    assert "already" in work.inbox("amina@example.org")[-1]["Subject"]
    assert (await amina())["mails"] == 1


async def test_typing_the_name_alone_leaves_it_off_and_uncounted(client: httpx.AsyncClient) -> None:
    campaign = await left(client)
    off_at = (await amina())["withdrawn_at"]
    await front_door.sign(client, campaign)
    assert ((await amina())["withdrawn_at"], await count()) == (off_at, 0)
    link = await front_door.mailed_link("amina@example.org")
    assert "Count my signature" in (await client.get(link)).text
    assert await count() == 0
    assert "You are number 2" in (await client.post(link)).text
    signed = await amina()
    assert (signed["withdrawn_at"], signed["signed_again_at"], await count()) == (None, None, 1)
    assert await Tally.of(campaign.id, "constituency") == {make.BURY_NORTH: 1}


async def test_the_new_form_is_the_one_that_counts(client: httpx.AsyncClient) -> None:
    campaign = await left(client, words="It is dark.", shows_name="yes", wants_updates="yes", source="poster")
    chapter = await make.chapter(campaign)
    await db.execute("UPDATE campaign SET consent_wording = 'I agree once more.'")
    front_door.a_second_passes()
    await front_door.sign(client, campaign, postcode="M2 5PD", words="Still dark.", chapter="bury", source="email")
    await front_door.confirm(client)
    signed = await amina()
    assert (signed["postcode"], signed["words"], signed["source"]) == ("M2 5PD", "Still dark.", "email")
    assert (signed["shows_name"], signed["wants_updates"], signed["chapter"]) == (False, False, chapter.id)
    assert signed["constituency"] != make.BURY_NORTH
    assert await Tally.of(campaign.id, "constituency") == {make.BURY_NORTH: 0, signed["constituency"]: 1}
    assert await Tally.of(campaign.id, "came") == {"poster": 0, "email": 1}
    agreed = await db.fetch(
        """SELECT purpose, text FROM consent JOIN wording ON wording.id = consent.wording
           WHERE withdrawn_at IS NULL"""
    )
    assert agreed == [{"purpose": "sign", "text": "I agree once more."}]


async def test_five_mails_are_sent_for_each_time_somebody_comes_back(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    for _ in range(7):
        await front_door.sign(client, campaign)
    await front_door.confirm(client)
    await take_off(client)
    before = len(work.inbox())
    for _ in range(7):
        await front_door.sign(client, campaign)
    await work.settle()
    assert (before, len(work.inbox())) == (5, 10)


async def test_an_old_link_mails_nobody_who_has_left(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    await work.settle()
    await take_off(client)
    before = len(work.inbox())
    await confirmation.ask_again(1)
    await work.settle()
    assert len(work.inbox()) == before
    await front_door.sign(client, campaign)
    await confirmation.ask_again(1)
    await work.settle()
    assert len(work.inbox()) == before + 2


async def test_a_mail_that_is_overtaken_by_the_withdrawal_is_not_sent(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign())
    await take_off(client)
    await work.settle()
    assert work.inbox() == []


async def test_leaving_again_before_confirming_makes_the_link_useless(client: httpx.AsyncClient) -> None:
    campaign = await left(client)
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    assert "You signed again on" in (await client.get(f"/you/{tokens.issue('you', 1)}")).text
    await take_off(client)
    assert (await client.post(link)).status_code == 410
    assert await count() == 0


async def test_who_comes_back_too_late_is_told_that_the_campaign_has_closed(client: httpx.AsyncClient) -> None:
    campaign = await left(client)
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    await db.execute("UPDATE campaign SET closes_at = now() - interval '25 hours'")
    answer = await client.post(link)
    assert answer.status_code == 410
    assert "came too late to count" in answer.text
