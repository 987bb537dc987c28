"""Every signature counted again: what differs is found, told once a night and mended; a crowd is no difference."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

import front_door
import make
import work
from crowd import Crowd
from nodes import nodes
from signatures.many import counted
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import days, tokens
from undersigned.signatures import comparing, confirmation, recounting

TOMORROW_AT_FOUR = datetime.now(UTC).replace(hour=4, minute=0, second=0) + timedelta(days=1)
WRONG = {
    "count": "UPDATE campaign SET signature_count = signature_count + 3",
    "last number": "UPDATE campaign SET last_number = 1",
    "chapter count": "UPDATE chapter SET signature_count = 7",
    "chapter": "DELETE FROM tally WHERE kind = 'chapter'",
    "constituency": "UPDATE tally SET total = total - 1 WHERE kind = 'constituency'",
    "country": "INSERT INTO tally (campaign, kind, key, total) SELECT id, 'country', 'FR', 1 FROM campaign",
    "created": "UPDATE tally SET total = total + 1 WHERE kind = 'created'",
    "confirmed": "UPDATE tally SET total = total * 2 WHERE kind = 'confirmed'",
    "came": "UPDATE tally SET total = 0 WHERE kind = 'came' AND key = 'poster'",
    "source": "DELETE FROM tally WHERE kind = 'source' AND key = 'poster:bury'",
}
"""How each total can be made wrong behind our back."""


async def signed(client: httpx.AsyncClient) -> Campaign:
    """A campaign with three who count, one who left, one who is not counted, and one who waits."""
    campaign = await make.campaign(slug="light", title="A light")
    await make.chapter(campaign)
    for number, name in enumerate(("Amina", "Bronwen", "Owen", "Yusuf", "Harriet"), 1):
        told = {
            "source": "poster",
            "bucket": "bury" if number == 1 else "",
            "chapter": "bury" if number < 3 else "",
        }
        await front_door.counted(client, campaign, name=name, email=f"p{number}@example.org", **told)
    await client.post(f"/you/{tokens.issue('you', 4)}/withdraw", data={"signature": "4"})
    await front_door.sign(client, campaign, email="waits@example.org")
    await work.settle()
    return campaign


async def night() -> bool:
    """What the clock and the worker do once a night; whether there was anything to do."""
    reminded = await recounting.remind()
    await recounting.recount_totals.fn.__wrapped__(datetime.now(days.LONDON).date().isoformat())
    await front_door.time_passes()
    await work.settle()
    return reminded


def test_every_kind_of_total_is_planted_here() -> None:
    assert set(WRONG) == set(comparing.KINDS)


@pytest.mark.parametrize("kind", WRONG)
async def test_a_wrong_total_is_found_at_night_mailed_shown_and_mended(
    client: httpx.AsyncClient, kind: str
) -> None:
    campaign = await signed(client)
    await sign_in(client)
    await db.execute(WRONG[kind])
    with time_machine.travel(TOMORROW_AT_FOUR, tick=True):
        assert await night()
        (told,) = work.inbox("operator@example.org")
        assert "A light: " in work.text_of(told) and "recount light --mend" in work.text_of(told)
        desk = (await client.get("/staff/campaigns/light")).text
        assert "from the signatures." in desk and 'href="/staff/campaigns/light/recount"' in desk
        page = (await client.get("/staff/campaigns/light/recount")).text
        assert comparing.KINDS[kind] in page and "Mend the totals" in page
        answer = await client.post(
            "/staff/campaigns/light/recount", data={"form_token": await token(client)}, follow_redirects=True
        )
        assert "The totals are right now" in answer.text and "Mend the totals" not in answer.text
    assert await counted(campaign) == 4
    assert (await recounting.recount(campaign.id)).drift == []
    public = await client.get("/campaigns/light/count.json")
    assert public.json()["signature_count"] == 4
    audited = await front_door.row("SELECT staff_id, about FROM audit WHERE act = 'totals mended'")
    assert audited == {"staff_id": "1", "about": "campaign light"}


async def test_a_night_on_which_all_agrees_tells_nobody_and_says_so_on_the_desk(client: httpx.AsyncClient) -> None:
    await signed(client)
    await sign_in(client)
    assert "has not been counted again yet" in (await client.get("/staff/campaigns/light/recount")).text
    with time_machine.travel(TOMORROW_AT_FOUR, tick=True):
        assert await night()
        assert not await night()
    assert work.inbox("operator@example.org") == []
    assert "every total agrees" in (await client.get("/staff/campaigns/light")).text
    assert "Every total agrees" in (await client.get("/staff/campaigns/light/recount")).text
    assert len(await db.fetch("SELECT id FROM recount")) == 1


async def test_the_operator_is_told_once_a_night_however_many_clocks_and_campaigns_there_are(
    client: httpx.AsyncClient,
) -> None:
    await signed(client)
    for _ in range(4):
        await make.campaign()
    await db.execute("UPDATE campaign SET signature_count = signature_count + 1")
    await make.campaign(kind="action", signature_count=9)
    for nights in (0, 1):
        with time_machine.travel(TOMORROW_AT_FOUR + timedelta(days=nights), tick=True):
            assert await recounting.remind()
            today = datetime.now(days.LONDON).date().isoformat()
            await asyncio.gather(*(recounting.recount_totals.fn.__wrapped__(today) for _ in range(3)))
            assert not await recounting.remind()
            await night()
    told = work.inbox("operator@example.org")
    assert len(told) == 2
    assert work.text_of(told[0]).count("1 total differs") == 5
    assert told[0]["Auto-Submitted"] == "auto-generated"
    assert len(await db.fetch("SELECT id FROM recount")) == 10


async def test_nothing_is_counted_before_the_hour(client: httpx.AsyncClient) -> None:
    await signed(client)
    with time_machine.travel(TOMORROW_AT_FOUR - timedelta(hours=2), tick=True):
        assert not await recounting.remind()


async def test_what_was_mended_before_the_mail_left_is_not_told(client: httpx.AsyncClient) -> None:
    campaign = await signed(client)
    await db.execute(WRONG["count"])
    with time_machine.travel(TOMORROW_AT_FOUR, tick=True):
        await recounting.recount_totals.fn.__wrapped__(datetime.now(days.LONDON).date().isoformat())
        await recounting.mend(campaign.id)
        await front_door.time_passes()
        await work.settle()
    assert (await front_door.row("SELECT last_answer AS said FROM mail WHERE kind = 'totals_differ'"))["said"]
    assert work.inbox("operator@example.org") == []


async def test_a_viewer_sees_what_differs_and_may_not_mend_it(client: httpx.AsyncClient) -> None:
    campaign = await signed(client)
    await db.execute(WRONG["count"])
    await recounting.recount(campaign.id)
    await sign_in(client, role="viewer")
    page = await client.get("/staff/campaigns/light/recount")
    assert "An owner or an editor can do that." in page.text
    answer = await client.post("/staff/campaigns/light/recount", data={"form_token": await token(client)})
    assert answer.status_code == 403
    assert (await recounting.recount(campaign.id)).drift == [{"kind": "count", "key": "", "held": 7, "counted": 4}]


async def test_mending_twice_is_mending_once(client: httpx.AsyncClient) -> None:
    campaign = await signed(client)
    for sql in WRONG.values():
        await db.execute(sql)
    await asyncio.gather(*(recounting.mend(campaign.id) for _ in range(3)))
    assert await counted(campaign) == 4
    assert len(await db.fetch("SELECT id FROM recount WHERE mended_at IS NOT NULL")) == 1
    assert len(await db.fetch("SELECT id FROM audit WHERE act = 'totals mended'")) == 1


@pytest.mark.usefixtures("client")
async def test_names_that_come_in_while_we_count_never_look_like_a_wrong_total_and_mending_holds_nobody_up() -> (
    None
):
    campaign = await make.campaign(slug="light")
    found, busy = [], []

    async def count() -> None:
        while busy or not found:
            found.append((await recounting.recount(campaign.id)).drift)
            await asyncio.sleep(0.02)

    async def pressing(crowd: Crowd) -> None:
        rows = await db.fetch("SELECT id, email FROM signature")
        await crowd.confirm({row["email"]: tokens.issue(confirmation.PURPOSE, row["id"]) for row in rows})

    with nodes(2) as here:
        crowd = Crowd([node.base_url for node in here], "light")
        await crowd.sign(200)
        busy.append(1)
        counting = asyncio.create_task(count())
        await asyncio.gather(pressing(crowd), crowd.sign(200), _leave(here[0].base_url, 20))
        live = len(found)
        busy.clear()
        await counting
        assert live > 5 and found == [[]] * len(found)
        for sql in (WRONG[kind] for kind in WRONG if kind != "last number"):
            await db.execute(sql)
        await asyncio.gather(pressing(crowd), crowd.sign(100), _mend_soon(campaign.id))
    assert len(crowd.acknowledged) == 500
    assert (await recounting.recount(campaign.id)).drift == []
    assert await counted(campaign) > 300


async def _mend_soon(campaign_id: int) -> None:
    await asyncio.sleep(0.3)
    assert (await recounting.mend(campaign_id)).drift


async def _leave(site: str, many: int) -> None:
    """So many take their names off, confirmed or not."""
    async with httpx.AsyncClient(base_url=site, timeout=20) as http:
        for number in range(1, many + 1):
            await http.post(f"/you/{tokens.issue('you', number)}/withdraw", data={"signature": str(number)})
