"""News by e-mail: once to each who is counted and asked for it."""

import asyncio
import re

import httpx
import pytest

import front_door
import make
import work
from news.readers import DESK, TITLE, ask, counted, news, who_got_it
from signatures import many
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import leases, outbox
from undersigned.signatures import mailing


async def test_news_goes_once_to_those_who_are_counted_and_asked_for_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, "amina", "yusuf")
    await front_door.counted(client, campaign, name="Ruth Levy", email="ruth@example.org")
    await front_door.sign(client, campaign, name="Tom Ackroyd", email="tom@example.org", wants_updates="yes")
    assert "E-mail it to 2 people" in (await client.get(f"{DESK}/1")).text
    assert (await ask(client)).status_code == 303
    assert "Being e-mailed" in (await client.get(f"{DESK}/1")).text
    await work.settle()
    assert who_got_it() == ["amina", "yusuf"]
    page = (await client.get(f"{DESK}/1")).text
    assert "E-mailed to 2 people" in page and "by Owen" in page
    body = work.text_of(work.inbox("amina@example.org")[-1])
    assert "Dear Amina Rahman," in body and "put a light at the stop" in body
    written = await front_door.row("SELECT act, about, after::text, staff_id FROM audit WHERE act LIKE 'news%'")
    told = {"act": "news mailed", "about": "update 1", "after": '{"total": 2}', "staff_id": "1"}
    assert written == told


async def test_asked_for_twice_and_by_many_at_once_nobody_is_mailed_twice(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, "amina", "yusuf")
    typed = {"form_token": await token(client)}
    answers = await asyncio.gather(*(client.post(f"{DESK}/1", data=typed) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422, 422, 422]
    await asyncio.gather(*(mailing.go_on(1) for _ in range(4)))
    await work.settle()
    again = await ask(client)
    assert again.status_code == 422 and "Nobody is mailed the same twice." in again.text
    await work.settle()
    assert who_got_it() == ["amina", "yusuf"]
    assert (await front_door.row("SELECT count(*) AS n FROM audit WHERE act = 'news mailed'"))["n"] == 1


async def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next_and_nobody_gets_it_twice(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 3)
    ids = await many.of(campaign, 10)
    await many.confirm(client, ids)
    await db.execute("UPDATE signature SET wants_updates = true")
    await ask(client)
    assert await mailing._step(1) and await mailing._step(1)
    row = await front_door.row("SELECT owed, done_at FROM mailing")
    assert row == {"owed": 6, "done_at": None}
    page = (await client.get(f"{DESK}/1")).text
    assert re.search(r'max="10" value="0"', page), page
    assert await leases.relay(outbox.OWED_TO_MANY) == 6, "What is owed already goes out while the walk goes on."
    for table in ("mailing", "mail"):
        await front_door.lease_runs_out(table)
    await work.settle()
    assert (await front_door.row("SELECT owed, done_at IS NOT NULL AS done FROM mailing")) == {
        "owed": 10,
        "done": True,
    }
    assert len(who_got_it()) == len(set(who_got_it())) == 10


async def test_a_household_gets_it_once_each_by_name(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await counted(client, campaign, "amina")
    await counted(client, campaign, "yusuf", email="amina@example.org")
    await ask(client)
    await work.settle()
    letters = [work.text_of(message) for message in work.inbox("amina@example.org") if TITLE in message["Subject"]]
    greetings = sorted(re.findall(r"Dear ([^,]+),", "".join(letters)))
    assert greetings == ["Amina Rahman", "Yusuf Rahman"]


async def test_news_of_a_chapter_goes_to_those_who_signed_there(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    chapter = await make.chapter(campaign)
    await news(campaign, chapter=chapter.id, title="Bury meets on Friday")
    await counted(client, campaign, "amina", chapter="bury")
    await counted(client, campaign, "yusuf")
    await ask(client, 2)
    await ask(client, 1)
    await work.settle()
    assert who_got_it("Bury meets on Friday") == ["amina"]
    assert who_got_it() == ["amina", "yusuf"]


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("editor", 200), ("moderator", 403), ("viewer", 403)]
)
async def test_who_may_mail_news(client: httpx.AsyncClient, role: str, status: int) -> None:
    campaign = await make.campaign(slug="light")
    await news(campaign)
    await counted(client, campaign, "amina")
    await sign_in(client, role)
    for path in (DESK, f"{DESK}/1"):
        assert (await client.get(path)).status_code == status
    assert ((await ask(client)).status_code == 403) == (status == 403)
    assert (f'href="{DESK}"' in (await client.get("/staff/campaigns/light")).text) == (status == 200)


async def test_the_desk_says_when_there_is_no_news_and_when_there_is_nobody_to_mail(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    assert "Nobody to e-mail yet" in (await client.get(f"{DESK}/1")).text
    refused = await ask(client)
    assert refused.status_code == 422 and "Nobody who is counted wants news yet" in refused.text
    assert await db.fetch("SELECT * FROM mailing") == []
    await make.campaign(slug="quiet")
    assert "There is no news yet." in (await client.get("/staff/campaigns/quiet/news")).text
    assert (await client.get("/staff/campaigns/quiet/news/1")).status_code == 404


async def test_news_of_a_campaign_that_the_public_cannot_see_stays_here(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, "amina", "yusuf")
    await ask(client)
    await mailing.go_on(1)
    await news(campaign, title="More")
    await db.execute("UPDATE campaign SET state = 'removed'")
    assert (await ask(client, 2)).status_code == 422
    await work.settle()
    assert who_got_it() == []
