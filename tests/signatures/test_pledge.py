"""A pledge that holds if enough others make it: reached or missed once, and everybody is told once."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

import front_door
import make
import work
from crowd import Crowd
from nodes import nodes
from signatures import many
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import days, tokens
from undersigned.signatures import mailing, pledging

NAMES = ("Amina Rahman", "Yusuf Rahman", "Bronwen Llŷr", "Tom Ackroyd", "Ruth Levy", "Nasreen Malik")


async def pledge(target: int = 3, ahead: int = 30, **told: Any) -> Campaign:
    """We will if so many others do, by the day that is so many days ahead."""
    deadline = days.today() + timedelta(days=ahead)
    return await make.campaign(kind="pledge", pledge_target=target, pledge_deadline=deadline, **told)


async def made(client: httpx.AsyncClient, campaign: Campaign, many: int, first: int = 0) -> list[httpx.Response]:
    """So many people of NAMES make it, one after another; the pages that say their numbers."""
    return [
        await front_door.counted(client, campaign, name=NAMES[n], email=mailbox(n))
        for n in range(first, first + many)
    ]


def mailbox(number: int) -> str:
    return f"{NAMES[number].split()[0].lower()}@example.org"


def subjects(recipient: str) -> list[str]:
    return [str(message["Subject"]) for message in work.inbox(recipient)]


async def decided() -> dict[str, Any]:
    return await front_door.row(
        """SELECT pledge_reached_at IS NOT NULL AS reached, pledge_missed_at IS NOT NULL AS missed, signature_count
           FROM campaign"""
    )


async def passes_its_deadline(days_ago: int) -> None:
    await db.execute("UPDATE campaign SET pledge_deadline = $1", days.today() - timedelta(days=days_ago))


async def test_the_last_one_who_is_needed_reaches_it_and_everybody_is_told_once(client: httpx.AsyncClient) -> None:
    campaign = await pledge(title="Stand beside")
    early = await made(client, campaign, 2)
    assert not (await decided())["reached"]
    assert "1 more is needed." in early[1].text
    (last,) = await made(client, campaign, 1, first=2)
    assert (await decided())["reached"]
    assert "This pledge is on." in last.text
    for _ in range(2):
        await work.settle()
        await pledging.settle()
        await front_door.lease_runs_out("mailing")
        await front_door.lease_runs_out("mail")
    for n in range(3):
        assert subjects(mailbox(n)).count("It is on: Stand beside") == 1
        body = work.text_of(work.inbox(mailbox(n))[-1])
        assert f"Dear {NAMES[n]}," in body and "It needed 3 people by the end of" in body


async def test_whoever_confirms_after_it_was_reached_is_told_there_and_then_and_by_no_second_e_mail(
    client: httpx.AsyncClient,
) -> None:
    campaign = await pledge(target=2)
    await front_door.sign(client, campaign, name=NAMES[5], email=mailbox(5))
    waiting = await front_door.mailed_link(mailbox(5))
    await made(client, campaign, 2)
    (after,) = await made(client, campaign, 1, first=2)
    assert "This pledge is on." in after.text
    assert "This pledge is on." in (await client.post(waiting)).text
    await work.settle()
    assert "Enough people have made this pledge already" in work.text_of(work.inbox(mailbox(2))[0])
    reached = [n for n in range(6) if any("It is on" in subject for subject in subjects(mailbox(n)))]
    assert reached == [0, 1]


async def test_it_stays_reached_when_people_leave_and_the_desk_says_so(client: httpx.AsyncClient) -> None:
    campaign = await pledge(slug="stand")
    await made(client, campaign, 3)
    await sign_in(client)
    assert "below that" not in (await client.get("/staff/campaigns/stand")).text
    await client.post(f"/you/{tokens.issue('you', 1)}/withdraw", data={"signature": "1"})
    act = {"act": "discount", "signature": "2", "form_token": await token(client)}
    await client.post("/staff/campaigns/stand/discounting/one", data=act)
    await passes_its_deadline(3)
    await pledging.settle()
    assert await decided() == {"reached": True, "missed": False, "signature_count": 1}
    desk = (await client.get("/staff/campaigns/stand")).text
    assert "The count is now 2 below that." in desk and "It stays reached" in desk
    front_door.a_second_passes()
    assert "This pledge is on." in (await client.get("/campaigns/stand")).text
    await work.settle()
    told = [n for n in range(3) if any("It is on" in subject for subject in subjects(mailbox(n)))]
    assert told == [2], "Whoever had left before the e-mail was written gets none."


async def test_a_name_put_back_in_the_count_can_be_the_one_that_reaches_it(client: httpx.AsyncClient) -> None:
    campaign = await pledge(target=3, slug="stand")
    await made(client, campaign, 2)
    await sign_in(client)
    act = {"act": "discount", "signature": "2", "form_token": await token(client)}
    await client.post("/staff/campaigns/stand/discounting/one", data=act)
    await made(client, campaign, 1, first=2)
    assert not (await decided())["reached"]
    await client.post("/staff/campaigns/stand/discounting/one", data=act | {"act": "restore"})
    assert await decided() == {"reached": True, "missed": False, "signature_count": 3}


async def test_whoever_is_put_back_after_it_was_decided_is_told_as_well_and_once(
    client: httpx.AsyncClient,
) -> None:
    campaign = await pledge(target=2, slug="stand")
    await sign_in(client)
    await front_door.sign(client, campaign, name=NAMES[5], email=mailbox(5))
    before = await front_door.mailed_link(mailbox(5))
    await change(client, "discount", 1)
    await client.post(before)
    await made(client, campaign, 1)
    await change(client, "discount", 2)
    await made(client, campaign, 2, first=1)
    await work.settle()
    assert (await decided())["reached"] and not told(0) and not told(5)
    for _ in range(2):
        for signature_id in (1, 2, 3):
            await change(client, "restore", signature_id)
        await work.settle()
        await front_door.lease_runs_out("mailing")
        for signature_id in (1, 2, 3):
            await change(client, "discount", signature_id)
    assert [told(n) for n in (0, 1, 2, 5)] == [1, 1, 1, 1]


async def test_whoever_was_out_as_the_mail_was_written_is_told_when_they_are_put_back(
    client: httpx.AsyncClient,
) -> None:
    campaign = await pledge(target=2, slug="stand")
    await sign_in(client)
    await made(client, campaign, 2)
    await mailing.go_on(1)
    await change(client, "discount", 1)
    await work.settle()
    assert [told(n) for n in (0, 1)] == [0, 1]
    await change(client, "restore", 1)
    await work.settle()
    assert [told(n) for n in (0, 1)] == [1, 1]


async def change(client: httpx.AsyncClient, act: str, signature_id: int) -> None:
    """Take one signature out of the count at the desk, or put it back."""
    typed = {"act": act, "signature": str(signature_id), "form_token": await token(client)}
    await client.post("/staff/campaigns/stand/discounting/one", data=typed)


def told(number: int) -> int:
    """How often the one of NAMES with this number was mailed that it is on."""
    return sum("It is on" in subject for subject in subjects(mailbox(number)))


async def test_a_pledge_that_was_missed_releases_everybody_once_and_takes_no_names(
    client: httpx.AsyncClient,
) -> None:
    campaign = await pledge(slug="stand", title="Stand beside", ahead=0)
    await made(client, campaign, 2)
    await passes_its_deadline(1)
    front_door.a_second_passes()
    page = (await client.get("/campaigns/stand")).text
    assert "The last names are being confirmed until" in page and "1 more is needed." in page
    assert await pledging.settle() == 0, "Links that were mailed still count."
    await passes_its_deadline(2)
    assert [await pledging.settle() for _ in range(3)] == [1, 0, 0]
    assert await decided() == {"reached": False, "missed": True, "signature_count": 2}
    await work.settle()
    for n in range(2):
        assert subjects(mailbox(n)).count("You are released: Stand beside") == 1
    front_door.a_second_passes()
    page = (await client.get("/campaigns/stand")).text
    assert "Nobody is held to it." in page and 'action="/campaigns/stand/sign"' not in page
    refused = await front_door.sign(client, campaign, email="late@example.org")
    assert refused.status_code == 410 and "Nobody is held to it." in refused.text
    await sign_in(client)
    assert "everybody who had made it was released" in (await client.get("/staff/campaigns/stand")).text


async def test_a_pledge_that_closed_before_its_deadline_was_missed_on_the_day_it_closed(
    client: httpx.AsyncClient,
) -> None:
    campaign = await pledge(slug="stand", title="Stand beside", ahead=30)
    await made(client, campaign, 1)
    last_day = days.today() - timedelta(days=2)
    await db.execute("UPDATE campaign SET closes_at = $1, state = 'closed'", days.end_of(last_day))
    assert await pledging.settle() == 1
    await work.settle()
    front_door.a_second_passes()
    (message,) = [one for one in work.inbox(mailbox(0)) if "You are released" in one["Subject"]]
    deadline = days.today() + timedelta(days=30)
    for told in (work.text_of(message), (await client.get("/campaigns/stand")).text):
        words = " ".join(told.split())
        assert f"when it closed on {last_day.day} {last_day:%B %Y}" in words
        assert f"{deadline.day} {deadline:%B %Y}" not in words


async def test_a_link_within_the_day_of_grace_can_reach_it(client: httpx.AsyncClient) -> None:
    campaign = await pledge(target=2, ahead=0)
    await made(client, campaign, 1)
    await front_door.sign(client, campaign, name=NAMES[1], email=mailbox(1))
    link = await front_door.mailed_link(mailbox(1))
    await passes_its_deadline(1)
    assert "This pledge is on." in (await client.post(link)).text
    await passes_its_deadline(3)
    await pledging.settle()
    assert await decided() == {"reached": True, "missed": False, "signature_count": 2}


async def test_many_clocks_at_once_miss_it_once(database: None) -> None:
    await pledge(ahead=-5)
    assert sum(await asyncio.gather(*(pledging.settle() for _ in range(8)))) == 1
    assert (await front_door.row("SELECT count(*) AS n FROM mailing"))["n"] == 1
    assert (await front_door.row("SELECT count(*) AS n FROM audit WHERE act = 'pledge missed'"))["n"] == 1


@pytest.mark.usefixtures("client")
async def test_with_three_processes_and_a_crowd_it_is_reached_once_and_everybody_is_told_once() -> None:
    people, target = 150, 100
    campaign = await pledge(target=target, slug="light")
    with nodes(3) as here:
        crowd = Crowd([node.base_url for node in here], "light")
        await crowd.sign(people)
        await crowd.confirm(await many.links())
    assert sorted(crowd.numbers.values()) == list(range(1, people + 1))
    await asyncio.gather(*(pledging.settle() for _ in range(4)))
    row = await front_door.row("SELECT id, up_to, total FROM mailing")
    assert row["up_to"] == row["total"] >= target
    await asyncio.gather(*(mailing.go_on(row["id"]) for _ in range(4)))
    owed = await db.fetch(
        """SELECT m.about, s.number FROM mail m JOIN signature s ON s.id = m.about
           WHERE m.kind = 'pledge_reached'"""
    )
    assert sorted(one["number"] for one in owed) == list(range(1, row["up_to"] + 1))
    assert max(Counter(one["about"] for one in owed).values()) == 1
    assert (await front_door.row("SELECT count(*) AS n FROM audit WHERE act = 'pledge reached'"))["n"] == 1
    assert await many.counted(campaign) == people


async def test_the_total_is_never_more_than_those_who_confirmed_and_the_step_is_the_next_above(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light", goal=2)
    for n in range(3):
        await front_door.sign(client, campaign, name=NAMES[n], email=mailbox(n))
        front_door.a_second_passes()
        page = (await client.get("/campaigns/light")).text
        assert f'data-count="{n}"' in page
        assert f'data-goal="{2 if n < 2 else 100}"' in page
        await front_door.confirm(client, mailbox(n))
    front_door.a_second_passes()
    assert 'data-count="3" data-goal="100"' in (await client.get("/campaigns/light")).text
