"""At the desk endorsements are read, pinned and moved, by those who may, and the audit names nobody."""

import json
import re

import httpx
import pytest

import front_door
import make
import photos
from endorsements import sending
from staff.visits import sign_in
from undersigned.campaigns.tables import Campaign
from undersigned.endorsements.tables import Endorsement
from undersigned.kit import database as db


async def four(client: httpx.AsyncClient) -> Campaign:
    """Ann, Ben, Cat and Dan are on the wall in this order, by the numbers 1 to 4."""
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    for place, name in enumerate(("Ann", "Ben", "Cat", "Dan"), 1):
        await Endorsement(campaign=campaign.id, name=name, position=place).save()
    return campaign


@pytest.mark.parametrize(
    ("moves", "order"),
    [
        ([("up", 3)], "Ann Cat Ben Dan"),
        ([("up", 1)], "Ann Ben Cat Dan"),
        ([("down", 1)], "Ben Ann Cat Dan"),
        ([("down", 4)], "Ann Ben Cat Dan"),
        ([("first", 4)], "Dan Ann Ben Cat"),
        ([("last", 1)], "Ben Cat Dan Ann"),
        ([("pin", 3)], "Cat Ann Ben Dan"),
        ([("pin", 3), ("pin", 2)], "Cat Ben Ann Dan"),
        ([("pin", 3), ("pin", 2), ("up", 2)], "Ben Cat Ann Dan"),
        ([("pin", 3), ("up", 1), ("up", 2)], "Cat Ben Ann Dan"),
        ([("pin", 3), ("pin", 4), ("unpin", 3)], "Dan Cat Ann Ben"),
    ],
)
async def test_they_are_moved_and_pinned(
    client: httpx.AsyncClient, moves: list[tuple[str, int]], order: str
) -> None:
    campaign = await four(client)
    for way, which in moves:
        answer = await sending.press(client, campaign, way, which, state="shown")
        assert answer.headers["location"].endswith(f"#endorsement-{which}")
    assert sending.names(await sending.wall(client, campaign)) == order.split()
    desk = (await client.get("/staff/campaigns/light/endorsements?state=shown")).text
    assert sending.names(desk) == order.split()


async def test_all_alike_in_place_are_moved_too(client: httpx.AsyncClient) -> None:
    campaign = await four(client)
    await db.execute("UPDATE endorsement SET position = 0")
    await sending.press(client, campaign, "up", 3)
    assert sending.names(await sending.wall(client, campaign)) == ["Ann", "Cat", "Ben", "Dan"]


async def test_what_is_shown_next_stands_last_and_what_was_taken_down_is_pinned_no_more(
    client: httpx.AsyncClient,
) -> None:
    campaign = await four(client)
    await sending.press(client, campaign, "pin", 4)
    await sending.press(client, campaign, "refuse", 4, reason="For now.")
    assert sending.names(await sending.wall(client, campaign)) == ["Ann", "Ben", "Cat"]
    await sending.confirmed(client, campaign)
    await sending.press(client, campaign, "show", 5)
    await sending.press(client, campaign, "show", 4)
    assert sending.names(await sending.wall(client, campaign)) == ["Ann", "Ben", "Cat", "Amina Rahman", "Dan"]
    assert len(await db.fetch("SELECT id FROM mail WHERE kind = 'endorsement_refused'")) == 0, "Nobody to tell."


async def test_only_its_own_campaigns_desk_can_touch_one_and_nobody_before_it_is_confirmed(
    client: httpx.AsyncClient,
) -> None:
    campaign = await four(client)
    other = await make.campaign()
    for act in ("show", "refuse", "up", "pin"):
        assert (await sending.press(client, other, act, 1, reason="No.")).status_code == 404
    await sending.send(client, campaign)
    for act in ("show", "refuse", "up"):
        assert (await sending.press(client, campaign, act, 5, reason="No.")).status_code == 404
    assert (await sending.press(client, campaign, "show", 999)).status_code == 404
    assert (await sending.press(client, campaign, "burn", 1)).status_code == 422
    assert sending.names(await sending.wall(client, campaign)) == ["Ann", "Ben", "Cat", "Dan"]


async def test_the_audit_says_who_did_what_and_names_nobody(client: httpx.AsyncClient) -> None:
    campaign = await four(client)
    await client.get("/staff/campaigns/light/endorsements")
    assert await db.fetch("SELECT id FROM audit WHERE act = 'endorsements read'") == [], (
        "There was nobody to read."
    )
    await sending.confirmed(client, campaign)
    await client.get("/staff/campaigns/light/endorsements")
    await sending.press(client, campaign, "show", 5)
    rows = await db.fetch("SELECT * FROM audit WHERE act LIKE 'endorsement%' ORDER BY id")
    assert [(row["act"], row["about"], row["staff_id"]) for row in rows] == [
        ("endorsements read", "campaign light", "1"),
        ("endorsement shown", "campaign light", "1"),
    ]
    assert json.loads(rows[1]["before"]) == {"endorsement": 5, "state": "confirmed"}
    assert "amina" not in str(rows).lower()


async def test_the_desk_says_how_many_wait_and_how_many_are_still_to_be_confirmed(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light", kind="action")
    assert "Every endorsement has been read" in (await client.get("/staff/campaigns/light/endorsements")).text
    await sending.confirmed(client, campaign)
    await sending.send(client, campaign, email="yusuf@example.org")
    page = re.sub(r"</?strong>|\s+", " ", (await client.get("/staff/campaigns/light")).text)
    assert re.search(r"1 +waits to be read", page)
    assert "1 more waits for whoever sent it" in (await client.get("/staff/campaigns/light/endorsements")).text


async def test_fifty_are_on_a_page(client: httpx.AsyncClient) -> None:
    await four(client)
    for number in range(50):
        await Endorsement(campaign=1, name=f"Person {number}", position=5 + number).save()
    here = "/staff/campaigns/light/endorsements?state=shown"
    assert len(sending.names((await client.get(here)).text)) == 50
    assert len(sending.names((await client.get(f"{here}&page=2")).text)) == 4
    assert "There is nothing on this page." in (await client.get(f"{here}&page=3")).text


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("editor", 200), ("moderator", 200), ("viewer", 403)]
)
async def test_who_may_read_and_decide(client: httpx.AsyncClient, role: str, status: int) -> None:
    await sign_in(client, role)
    campaign = await make.campaign()
    await sending.confirmed(client, campaign, photos.photo())
    here = f"/staff/campaigns/{campaign.slug}/endorsements"
    for address in (here, f"{here}/1/picture"):
        assert (await client.get(address)).status_code == status
    assert (await sending.press(client, campaign, "show")).status_code == (303 if status == 200 else 403)
    shown = (await front_door.row("SELECT state FROM endorsement"))["state"] == "shown"
    assert shown == (status == 200)
