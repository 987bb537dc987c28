"""One reminder after a day to whoever has not pressed the button, and to nobody else."""

import asyncio
from datetime import timedelta

import httpx
import pytest

import front_door
import make
import work
from signatures import guarded
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.signatures import reminding

SUBJECT = "Your name is still waiting: A light"


async def signed(client: httpx.AsyncClient, hours: int = 25, **typed: str) -> Campaign:
    """A campaign that Amina has signed so many hours ago, without pressing the button."""
    campaign = await make.campaign(slug="light", title="A light")
    await front_door.sign(client, campaign, **typed)
    await work.settle()
    await pass_by(hours)
    return campaign


async def pass_by(hours: int) -> None:
    """So many hours pass by for all who signed."""
    await db.execute("UPDATE signature SET created_at = created_at - $1::interval", timedelta(hours=hours))


async def reminded(address: str = "amina@example.org") -> list[str]:
    """The clock looks, the worker sends: the subjects of the reminders that have come."""
    await reminding.remind()
    await work.settle()
    subjects = [str(message["Subject"]) for message in work.inbox(address)]
    return [subject for subject in subjects if "still waiting" in subject]


async def test_whoever_has_not_pressed_the_button_is_reminded_once_and_its_link_counts(
    client: httpx.AsyncClient,
) -> None:
    await signed(client)
    assert await reminded() == [SUBJECT]
    await pass_by(24)
    assert await reminded() == [SUBJECT]
    message = work.inbox("amina@example.org")[-1]
    assert message["Auto-Submitted"] == "auto-generated"
    for form in ("plain", "html"):
        body = message.get_body((form,))
        assert body is not None
        said = " ".join(body.get_content().split())
        assert "your name is not counted yet" in said and "We will not remind you again." in said
        assert "/confirm/" in said and "/you/" in said
    answer = await client.post(work.link_in(message, "/confirm/"))
    assert "You are number 1" in answer.text


async def test_a_day_must_have_passed_but_not_a_week(client: httpx.AsyncClient) -> None:
    await signed(client, hours=23)
    assert await reminded() == []
    await pass_by(24 * 7)
    assert await reminded() == []


async def test_nobody_is_reminded_who_has_confirmed_left_or_been_erased(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    for email in ("left@example.org", "gone@example.org"):
        await front_door.sign(client, campaign, email=email)
    await work.settle()
    await client.post(f"/you/{tokens.issue('you', 2)}/withdraw", data={"signature": "2"})
    await client.post(f"/you/{tokens.issue('you', 3)}/erase")
    await pass_by(25)
    assert await reminding.remind() == 0


async def test_whoever_left_is_not_reminded_when_somebody_types_their_name_again(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await client.post(f"/you/{tokens.issue('you', 1)}/withdraw", data={"signature": "1"})
    await front_door.sign(client, campaign)
    await work.settle()
    await pass_by(25)
    assert await reminding.remind() == 0


@pytest.mark.parametrize(
    "change",
    [
        "closes_at = now() - interval '1 hour'",
        "closes_at = now() - interval '25 hours', state = 'closed'",
        "state = 'archived'",
        "paused_at = now()",
    ],
)
async def test_a_campaign_that_takes_no_names_reminds_nobody(client: httpx.AsyncClient, change: str) -> None:
    await signed(client)
    await db.execute(f"UPDATE campaign SET {change}")
    assert await reminded() == []


async def test_who_signed_before_a_pause_is_reminded_when_it_is_over(client: httpx.AsyncClient) -> None:
    await signed(client)
    await db.execute("UPDATE campaign SET paused_at = now()")
    assert await reminded() == []
    await db.execute("UPDATE campaign SET paused_at = NULL")
    assert await reminded() == [SUBJECT]


async def test_what_closed_or_was_confirmed_before_the_reminder_left_is_not_sent(
    client: httpx.AsyncClient,
) -> None:
    campaign = await signed(client)
    await front_door.sign(client, campaign, email="owen@example.org", name="Owen Ellis")
    await work.settle()
    await pass_by(25)
    assert await reminding.remind() == 2
    await client.post(f"/confirm/{tokens.issue('confirm', 1)}")
    await work.settle()
    assert await reminded("amina@example.org") == []
    assert await reminded("owen@example.org") == [SUBJECT]


async def test_whom_we_do_not_count_gets_the_same_reminder(client: httpx.AsyncClient) -> None:
    await guarded.listed("domain", "example.org", "block")
    await signed(client)
    assert (await guarded.signed("amina@example.org"))["discounted_at"]
    assert await reminded() == [SUBJECT]


async def test_the_reminder_is_one_of_the_five_mails_that_anybody_gets_at_most(client: httpx.AsyncClient) -> None:
    campaign = await signed(client)
    for _ in range(2):
        await front_door.sign(client, campaign)
    assert await reminded() == []
    await work.settle()
    assert await reminded() == [SUBJECT]
    for _ in range(5):
        await front_door.sign(client, campaign)
    await work.settle()
    assert len(work.inbox("amina@example.org")) == 5


async def test_five_mails_leave_none_for_a_reminder(client: httpx.AsyncClient) -> None:
    campaign = await signed(client)
    for _ in range(5):
        await front_door.sign(client, campaign)
    await work.settle()
    assert await reminded() == []
    assert len(work.inbox("amina@example.org")) == 5


async def test_whoever_has_not_had_the_first_mail_yet_is_not_reminded_of_it(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign())
    await pass_by(25)
    assert await reminding.remind() == 0
    await work.settle()
    assert await reminding.remind() == 1


async def test_two_clocks_and_many_chunks_remind_everybody_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "CHUNK", 7)
    campaign = await make.campaign()
    many = [f"person-{number}@example.org" for number in range(40)]
    await asyncio.gather(*(front_door.sign(client, campaign, email=email) for email in many))
    await work.settle()
    await pass_by(25)
    assert sum(await asyncio.gather(*(reminding.remind() for _ in range(4)))) == 40
    owed = await db.fetch("SELECT recipient FROM mail WHERE kind = 'signature_reminder' ORDER BY id")
    assert sorted(row["recipient"] for row in owed) == sorted(many)
    assert {row["mails"] for row in await db.fetch("SELECT mails FROM signature")} == {2}
