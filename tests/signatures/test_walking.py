"""A discounting on its way: stopped, taken over, shared, beside everybody who signs; and every total exact."""

import asyncio

import httpx
import pytest

import front_door
import make
import work
from signatures import many
from signatures.discountings import OWEN, a_crowd, begin, state, taken
from undersigned.kit import database as db
from undersigned.kit import leases
from undersigned.privacy import holdings
from undersigned.signatures import counting, discounting, walking
from undersigned.signatures.criteria import Criteria


async def test_those_who_sign_after_the_count_are_not_touched(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await many.confirm(client, [await many.signed(campaign, 1)])
    counted = await discounting.count(campaign.id, Criteria(country="GB"), OWEN)
    late = await many.signed(campaign, 2)
    await discounting.start(campaign.id, counted, "Why", OWEN)
    await many.confirm(client, [late])
    await work.settle()
    assert await taken(counted) == {1}
    assert await many.counted(campaign) == 1


async def test_stopped_half_way_the_totals_are_exact_and_undoing_brings_back_that_half(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 10)
    campaign, _ = await a_crowd(client)
    made = await begin(campaign, signed_from="2026-11-20T09:00")
    for _ in range(3):
        assert await walking._step(made)
    await discounting.cancel(campaign.id, made, OWEN)
    await work.settle()
    row = await state(made)
    assert (row["state"], row["found"], row["done"]) == ("cancelled", 60, 30)
    assert await taken(made) == set(range(1, 31))
    assert await many.counted(campaign) == 40 - row["moved"] == 20
    await discounting.reverse(campaign.id, made, OWEN)
    await work.settle()
    row = await state(made)
    assert (row["state"], row["returned"]) == ("reversed", 30)
    assert await many.counted(campaign) == 40


async def test_a_worker_that_dies_in_the_middle_loses_nothing_and_counts_nothing_twice(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 10)
    campaign, _ = await a_crowd(client)
    made = await begin(campaign, signed_from="2026-11-20T09:00")
    really, calls = counting.add, 0

    async def dies_at_the_third(totals: counting.Totals) -> None:
        nonlocal calls
        calls += 1
        await really(totals)
        if calls == 3:
            raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(counting, "add", dies_at_the_third)
        with pytest.raises(SystemExit):
            await work.settle()
    assert len(await taken(made)) == 20
    assert await many.counted(campaign) == 40 - (await state(made))["moved"]
    await work.settle()
    assert (await state(made))["state"] == "running", "The dead worker's lease has not run out."
    await front_door.lease_runs_out("discounting")
    await work.settle()
    row = await state(made)
    assert (row["state"], row["done"], row["moved"]) == ("done", 60, 40)
    assert await many.counted(campaign) == 0


async def test_two_workers_that_were_told_of_the_same_share_the_work(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 5)
    campaign, _ = await a_crowd(client)
    made = await begin(campaign, signed_from="2026-11-20T09:00")
    await asyncio.gather(*(walking.go_on(made) for _ in range(4)))
    row = await state(made)
    assert (row["state"], row["done"], row["moved"]) == ("done", 60, 40)
    assert await many.counted(campaign) == 0


async def test_a_long_one_gives_others_their_turn(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 10)
    monkeypatch.setattr(leases, "STRETCH", -1.0)
    campaign, _ = await a_crowd(client)
    made = await begin(campaign, signed_from="2026-11-20T09:00")
    await walking.go_on(made)
    assert len(await taken(made)) == 10
    await work.settle()
    assert (await state(made))["state"] == "done"


async def test_confirming_leaving_and_discounting_at_the_same_time_stay_exact(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 5)
    campaign, ids = await a_crowd(client)
    confirmed = await db.fetch(
        "SELECT id, email_key FROM signature WHERE confirmed_at IS NOT NULL AND campaign = 1"
    )

    async def all_at_once(part: int) -> None:
        await asyncio.gather(
            walking.go_on(made),
            many.confirm(client, [one for one in ids if one % 3 == 0 and one % 2 == part]),
            *(holdings.withdraw(row["id"], row["email_key"]) for row in confirmed[part * 8 : part * 8 + 8]),
        )

    made = await begin(campaign, flag="quick")
    await all_at_once(0)
    assert (await state(made))["state"] == "done"
    standing = await many.counted(campaign)
    assert 0 < standing < 50
    await discounting.reverse(campaign.id, made, OWEN)
    await all_at_once(1)
    assert (await state(made))["state"] == "reversed"
    assert await many.counted(campaign) == 60 - 16


async def test_two_who_start_the_same_count_start_it_once(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await many.signed(campaign, 1)
    counted = await discounting.count(campaign.id, Criteria(country="GB"), OWEN)
    outcomes = await asyncio.gather(
        *(discounting.start(campaign.id, counted, "Why", OWEN) for _ in range(5)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes].count(type(None)) == 1
    assert "Nothing was started twice." in str(next(outcome for outcome in outcomes if outcome))


async def test_one_goes_on_at_a_time_in_a_campaign(client: httpx.AsyncClient) -> None:
    campaign, other = await make.campaign(), await make.campaign()
    for number, one in enumerate((campaign, other)):
        await many.signed(one, number)
    await begin(campaign, country="GB")
    await begin(other, country="GB")
    with pytest.raises(discounting.NotNow, match="Another one is under way"):
        await begin(campaign, confirmed="no")


async def test_a_count_of_yesterday_must_be_made_again(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await many.signed(campaign, 1)
    counted = await discounting.count(campaign.id, Criteria(country="GB"), OWEN)
    await db.execute("UPDATE discounting SET created_at = created_at - interval '25 hours'")
    with pytest.raises(discounting.NotNow, match="Count them again"):
        await discounting.start(campaign.id, counted, "Why", OWEN)
