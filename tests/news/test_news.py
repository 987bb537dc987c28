"""News by e-mail: once to each who is counted and asked for it, ended by one press, and never in anybody's way."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import front_door
import make
import work
from signatures import many
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign, Update
from undersigned.kit import database as db
from undersigned.kit import leases, outbox, tokens
from undersigned.privacy import forgetting, holdings
from undersigned.signatures import mailing

PEOPLE = {"amina": "Amina Rahman", "yusuf": "Yusuf Rahman", "bronwen": "Bronwen Llŷr", "tom": "Tom Ackroyd"}
TITLE = "The council has answered"
DESK = "/staff/campaigns/light/news"


@pytest.fixture
async def campaign(client: httpx.AsyncClient) -> Campaign:
    """A campaign with one piece of news; Owen is signed in."""
    made = await make.campaign(slug="light")
    await news(made)
    await sign_in(client)
    return made


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


async def test_whoever_leaves_between_asking_and_sending_gets_nothing(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, *PEOPLE)
    await ask(client)
    await mailing.go_on(1)
    assert (await front_door.row("SELECT count(*) AS n FROM mail WHERE mailing = 1"))["n"] == 4
    await client.post(f"/unsubscribe/{tokens.issue('unsubscribe', 1)}")
    await client.post(f"/you/{tokens.issue('you', 2)}/withdraw", data={"signature": "2"})
    await holdings.erase("bronwen@example.org")
    act = {"act": "discount", "signature": "4", "form_token": await token(client)}
    await client.post("/staff/campaigns/light/discounting/one", data=act)
    await work.settle()
    assert who_got_it() == []
    assert await db.fetch("SELECT * FROM mail WHERE recipient LIKE 'bronwen%'") == []
    page = (await client.get(f"{DESK}/1")).text
    assert "E-mailed to 0 people" in page and "4 were not sent" in page


async def test_to_how_many_it_went_stays_the_same_when_the_mail_is_forgotten_and_when_one_is_erased(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, *PEOPLE)
    await ask(client)
    await mailing.go_on(1)
    await client.post(f"/unsubscribe/{tokens.issue('unsubscribe', 1)}")
    await holdings.erase("bronwen@example.org")
    await work.settle()
    await holdings.erase("tom@example.org")
    for _ in range(3):
        page = (await client.get(f"{DESK}/1")).text
        assert "E-mailed to 2 people" in page and "2 were not sent" in page
        await db.execute(
            "UPDATE mail SET sent_at = sent_at - $1::interval, dead_at = dead_at - $1::interval", timedelta(29)
        )
        await forgetting.drop_old_mail()
    assert await db.fetch("SELECT id FROM mail WHERE mailing = 1") == []


async def test_whoever_has_left_before_it_is_asked_for_is_owed_nothing(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, *PEOPLE)
    await client.post(f"/unsubscribe/{tokens.issue('unsubscribe', 1)}")
    await client.post(f"/you/{tokens.issue('you', 2)}/withdraw", data={"signature": "2"})
    await holdings.erase("bronwen@example.org")
    await ask(client)
    await work.settle()
    assert who_got_it() == ["tom"]


async def test_whoever_is_erased_at_the_moment_their_mail_is_owed_leaves_no_address_behind(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counted(client, campaign, "amina", "yusuf")
    await ask(client)
    erasing: list[asyncio.Task[None]] = []
    owe = mailing._owe

    async def owe_and_linger(*step: Any) -> None:
        """The chunk is written and not committed yet; an erasure begins, and ends or waits for us."""
        await owe(*step)
        if not erasing:
            erasing.append(beside(holdings.erase("amina@example.org")))
            async with asyncio.timeout(20):
                while not (erasing[0].done() or await beside(db.fetch(_SOMEBODY_WAITS))):
                    await asyncio.sleep(0.01)

    monkeypatch.setattr(mailing, "_owe", owe_and_linger)
    await mailing.go_on(1)
    await erasing[0]
    left = await db.fetch("SELECT recipient FROM mail WHERE mailing = 1 ORDER BY recipient")
    assert [row["recipient"] for row in left] == ["", "yusuf@example.org"]


def beside(deed: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
    """Do it on a connection of its own, outside the transaction that is open here."""
    return asyncio.create_task(deed, context=Context())


_SOMEBODY_WAITS = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


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


async def test_a_confirmation_is_lent_at_once_however_much_bulk_mail_is_due(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await many_mails(2_000)
    assert await leases.relay(outbox.OWED_TO_MANY) == outbox.MOST_OF_MANY
    assert await leases.relay(outbox.OWED_TO_MANY) == 0
    await front_door.sign(client, campaign)
    assert await leases.relay(outbox.OWED) == 1
    lent = await db.fetch("SELECT kind FROM mail WHERE leased_until IS NOT NULL AND mailing IS NULL")
    assert [row["kind"] for row in lent] == ["confirmation"]


async def test_a_worker_sends_a_confirmation_before_the_bulk_mail_that_came_before_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    bulk = outbox.MOST_OF_MANY
    await many_mails(bulk)
    assert await leases.relay(outbox.OWED_TO_MANY) == bulk
    await front_door.sign(client, campaign)
    assert await leases.relay(outbox.OWED) == 1
    with a_worker():
        async with asyncio.timeout(60):
            while not (row := await db.fetch_one(_BEFORE)):
                await asyncio.sleep(0.02)
    assert row["n"] < bulk / 2, "The confirmation stood in line behind the bulk mail."


_BEFORE = """
    SELECT (SELECT count(*) FROM mail WHERE dead_at < confirmation.sent_at) AS n
    FROM mail AS confirmation WHERE kind = 'confirmation' AND sent_at IS NOT NULL
"""


@contextmanager
def a_worker() -> Iterator[None]:
    """A worker process with one thread, on the tests' own servers."""
    command = [sys.executable, "-m", "undersigned.commands", "worker"]
    process = subprocess.Popen(command, env=os.environ | {"WORKER_THREADS": "1"}, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


async def many_mails(size: int) -> None:
    """So much bulk mail that nobody is left to read: sending it is to find that there is nothing to say."""
    await db.execute(
        """INSERT INTO mail (kind, about, mailing, recipient, message_id, created_at, due_at, attempts,
               last_answer)
           SELECT 'update', 1000000 + n, 99, 'p' || n || '@example.org', '<' || n || '@test.example.org>',
               now(), now(), 0, '' FROM generate_series(1, $1) AS n""",
        size,
    )


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
