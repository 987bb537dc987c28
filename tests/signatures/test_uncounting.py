"""Who is taken out of the count and put back: whose number is whose, and what others have decided meanwhile."""

from datetime import timedelta

import httpx

import front_door
import make
import work
from signatures import many
from signatures.discountings import OWEN, begin, state
from undersigned.kit import database as db
from undersigned.privacy import holdings
from undersigned.signatures import discounting, uncounting


async def test_who_was_confirmed_first_keeps_their_number_and_who_was_discounted_first_gets_a_new_one(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    first, early, other = [await many.signed(campaign, number) for number in (1, 2, 3)]
    await many.confirm(client, [first])
    made = await begin(campaign, signed_until="2026-11-20T09:03")
    await work.settle()
    await many.confirm(client, [early])
    await many.confirm(client, [other])
    assert await numbers() == {first: 1, early: 2, other: 2}
    await discounting.reverse(campaign.id, made, OWEN)
    await work.settle()
    assert await numbers() == {first: 1, early: 3, other: 2}
    assert await many.counted(campaign) == 3
    assert (await front_door.row("SELECT last_number AS n FROM campaign"))["n"] == 3


async def test_a_number_is_its_owners_whatever_the_clocks_of_two_machines_say(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    ids = [await many.signed(campaign, number) for number in (1, 2)]
    await many.confirm(client, ids[:1])
    await db.execute("UPDATE signature SET confirmed_at = now() + interval '1 hour' WHERE id = 1")
    await db.execute("UPDATE tally SET key = to_char(now() AT TIME ZONE 'UTC' + interval '1 hour', "
                     "'YYYY-MM-DD\"T\"HH24') WHERE kind = 'confirmed'")  # fmt: skip
    made = await begin(campaign, country="GB")
    await work.settle()
    await db.execute("UPDATE signature SET discounted_at = now() + interval '1 hour' WHERE id = 2")
    await many.confirm(client, ids[1:])
    await discounting.reverse(campaign.id, made, OWEN)
    await work.settle()
    assert await many.counted(campaign) == 2
    assert await numbers() == {1: 1, 2: 2}


async def numbers() -> dict[int, int]:
    return {row["id"]: row["number"] for row in await db.fetch("SELECT id, number FROM signature ORDER BY id")}


async def test_who_was_discounted_before_confirming_is_not_counted_by_the_button(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    one = await many.signed(campaign, 1)
    await begin(campaign, confirmed="no")
    await work.settle()
    await many.confirm(client, [one])
    assert await many.counted(campaign) == 0


async def test_who_has_left_meanwhile_does_not_come_back(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    one = await many.signed(campaign, 1)
    await many.confirm(client, [one])
    made = await begin(campaign, country="GB")
    await work.settle()
    await holdings.withdraw(one, "person1@example.org")
    await discounting.reverse(campaign.id, made, OWEN)
    await work.settle()
    assert await many.counted(campaign) == 0
    row = await front_door.row("SELECT withdrawn_at, discounted_at FROM signature")
    assert row["withdrawn_at"] is not None and row["discounted_at"] is None


async def test_undoing_leaves_alone_what_somebody_has_decided_since(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    ids = [await many.signed(campaign, number) for number in (1, 2, 3)]
    await many.confirm(client, ids)
    made = await begin(campaign, country="GB")
    await work.settle()
    await uncounting.restore_one(campaign.id, 1, OWEN)
    await uncounting.restore_one(campaign.id, 2, OWEN)
    await uncounting.discount_one(campaign.id, 2, OWEN)
    await discounting.reverse(campaign.id, made, OWEN)
    await work.settle()
    assert (await state(made))["returned"] == 1
    rows = await db.fetch("SELECT id FROM signature WHERE discounted_at IS NULL ORDER BY id")
    assert [row["id"] for row in rows] == [1, 3]
    assert await many.counted(campaign) == 2


async def test_what_a_rule_discounted_wrongly_is_put_back_all_at_once_and_that_can_be_undone_too(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    ids = [
        await many.signed(campaign, n, discounted_at=many.BEGAN + timedelta(hours=9), discounted_why=why)
        for n, why in enumerate(("burst", "burst", "trap"), 1)
    ]
    await many.confirm(client, ids)
    assert await many.counted(campaign) == 0
    made = await begin(campaign, discounted_why="burst")
    await work.settle()
    row = await state(made)
    assert (row["state"], row["found"], row["counted"], row["done"], row["moved"]) == ("done", 2, 2, 2, 2)
    assert await many.counted(campaign) == 2
    await discounting.reverse(campaign.id, made, OWEN)
    await work.settle()
    assert await many.counted(campaign) == 0
    rows = await db.fetch("SELECT discounted_why AS why FROM signature ORDER BY id")
    assert [row["why"] for row in rows] == ["burst", "burst", "trap"]
