"""Taking many signatures out of the count and putting them back: every total is exact at every moment."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import httpx
import pytest

import front_door
import make
import work
from signatures import many
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import leases, tokens
from undersigned.privacy import holdings
from undersigned.signatures import arriving, counting, discounting, uncounting, walking
from undersigned.signatures.criteria import Criteria

OWEN = 1


async def begin(campaign: Campaign, **criteria: Any) -> int:
    """Count what is like that, and start; answers the id of the discounting."""
    counted = await discounting.count(campaign.id, Criteria(**criteria), OWEN)
    await discounting.start(campaign.id, counted, "A burst of names that nobody knows.", OWEN)
    return counted


async def taken(discounting_id: int) -> set[int]:
    """The signatures that it has taken out."""
    rows = await db.fetch(
        "SELECT id FROM signature WHERE discounting = $1 AND discounted_at IS NOT NULL", discounting_id
    )
    return {row["id"] for row in rows}


async def state(discounting_id: int) -> dict[str, Any]:
    return await front_door.row("SELECT * FROM discounting WHERE id = $1", discounting_id)


def shared(number: int) -> str:
    """The link that somebody spread."""
    return f"https://example.org/campaigns/light?s=x&r={tokens.issue(arriving.SHARE, number)}"


ALONE: list[tuple[dict[str, Any], str]] = [
    ({"name": "RAHMAN"}, "name LIKE '%Rahman%'"),
    ({"name": "zoe o"}, "name LIKE 'Zoë O%'"),
    ({"name": "100%"}, "name LIKE '100%'"),
    ({"name": "under_score"}, "name LIKE 'Under%'"),
    ({"email": "Person5+petition@mail.Example.org"}, "email = 'person5@mail.example.org'"),
    ({"domain": "example.org"}, "email LIKE '%@example.org'"),
    ({"domain": "*.example.*"}, "email NOT LIKE '%@example.org'"),
    ({"domain": "burst_1.example.com"}, "strpos(email, '@burst_1.') > 0"),
    ({"domain": "burst?1.example.com"}, "strpos(email, '@burst') > 0"),
    ({"postcode": "bl90sw"}, "postcode = 'BL9 0SW'"),
    ({"postcode": "bl9"}, "postcode IN ('BL9 0SW', 'BL9 0AB')"),
    ({"constituency": "E14001373"}, "constituency = 'E14001373'"),
    ({"country": "FR"}, "country = 'FR'"),
    ({"ip": "203.0.113.7"}, "ip = '203.0.113.7'"),
    ({"ip": "203.0.113.99/24"}, "ip LIKE '203.0.113.%'"),
    ({"ip": "2001:db8::/32"}, "ip LIKE '2001%'"),
    ({"source": "x"}, "source = 'x'"),
    ({"bucket": "leaflet"}, "bucket = 'leaflet'"),
    ({"chapter": "1"}, "chapter = 1"),
    ({"shared_by": "2"}, "shared_by = 2"),
    ({"shared_by": shared(1)}, "shared_by = 1"),
    ({"flag": "quick"}, "flags LIKE 'quick%'"),
    ({"flag": "no-proof"}, "flags LIKE '%no-proof'"),
    ({"confirmed": "yes"}, "confirmed_at IS NOT NULL"),
    ({"confirmed": "no"}, "confirmed_at IS NULL"),
    ({"signed_from": "2026-11-20T09:30"}, "id >= 30"),
    ({"signed_until": "2026-11-20T09:40"}, "id < 40"),
    ({"signed_from": "2026-11-20T09:10", "signed_until": "2026-11-20T09:20"}, "id BETWEEN 10 AND 19"),
]


@pytest.mark.parametrize(("criteria", "meant"), ALONE, ids=lambda value: str(value)[:40])
async def test_each_criterion_finds_whom_it_says_and_nobody_else(
    client: httpx.AsyncClient, criteria: dict[str, str], meant: str
) -> None:
    campaign, ids = await a_crowd(client)
    wanted = {row["id"] for row in await db.fetch(f"SELECT id FROM signature WHERE campaign = 1 AND {meant}")}
    assert 0 < len(wanted) < len(ids)
    made = await begin(campaign, **criteria)
    await work.settle()
    assert await taken(made) == wanted
    row = await state(made)
    assert (row["state"], row["found"], row["done"]) == ("done", len(wanted), len(wanted))
    assert await many.counted(campaign) == 40 - row["moved"] == 40 - row["counted"]


async def a_crowd(client: httpx.AsyncClient, size: int = 60) -> tuple[Campaign, list[int]]:
    """Two in three have confirmed; another campaign has people who are like them in everything."""
    campaign = await make.campaign(slug="light")
    ids = await many.of(campaign, size, (await make.chapter(campaign)).id)
    await many.of(await make.campaign(), 10)
    await many.confirm(client, [signature_id for signature_id in ids if signature_id % 3])
    return campaign, ids


async def test_any_mix_of_criteria_takes_out_whom_each_of_them_means_and_comes_back_whole(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 7)
    campaign, _ = await a_crowd(client)
    dice = random.Random(4)
    mixed = 0
    for _ in range(40):
        mix = dice.sample(ALONE, dice.choice((2, 2, 3)))
        criteria: dict[str, Any] = {}
        for one, _ in mix:
            criteria = one | criteria
        kept = [meant for one, meant in mix if one.items() <= criteria.items()]
        rows = await db.fetch(f"SELECT id FROM signature WHERE campaign = 1 AND {' AND '.join(kept)}")
        try:
            made = await begin(campaign, **criteria)
        except discounting.NothingMatches:
            assert not rows
            continue
        await work.settle()
        assert await taken(made) == {row["id"] for row in rows}, criteria
        await many.counted(campaign)
        await discounting.reverse(campaign.id, made, OWEN)
        await work.settle()
        assert await many.counted(campaign) == 40
        mixed += 1
    assert mixed >= 10


async def test_criteria_read_from_their_json_are_the_same(database: None) -> None:
    for one, _ in ALONE:
        criteria = Criteria(**one)
        assert Criteria.model_validate_json(criteria.as_json()) == criteria


async def test_words_with_a_meaning_in_sql_are_words(database: None) -> None:
    campaign = await make.campaign()
    await many.signed(campaign, 1)
    for evil in ("' OR true --", "%", "_", "\\", "$1", "'; DROP TABLE signature; --"):
        for name in ("source", "bucket", "flag", "country", "constituency", "discounted_why"):
            with pytest.raises(discounting.NothingMatches):
                await discounting.count(campaign.id, Criteria(**{name: evil}), OWEN)


async def test_the_same_criteria_in_winter_and_summer_mean_london_time(database: None) -> None:
    for typed, utc in (("2026-07-01T09:00", "08:00"), ("2026-12-01T09:00", "09:00")):
        begun = Criteria(signed_from=typed).signed_from
        assert begun is not None and f"{begun.utctimetuple().tm_hour:02}:00" == utc


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


async def test_the_audit_holds_numbers_and_nobody(client: httpx.AsyncClient) -> None:
    campaign, _ = await a_crowd(client)
    made = await begin(campaign, name="Rahman", ip="203.0.113.0/24", postcode="BL9")
    await work.settle()
    await discounting.reverse(campaign.id, made, OWEN)
    await work.settle()
    rows = await db.fetch("SELECT act, about, before::text, after::text FROM audit ORDER BY id")
    assert [row["act"] for row in rows] == [
        *("signatures counted", "discounting started", "discounting ended"),
        *("discounting undone", "discounting ended"),
    ]
    assert not any(word in str(rows).lower() for word in ("rahman", "203", "bl9"))
