"""Which signatures are meant: each criterion and any mix of them finds whom it says, and words are only words."""

import random
from typing import Any

import httpx
import pytest

import make
import work
from signatures import many
from signatures.discountings import OWEN, a_crowd, begin, state, taken
from undersigned.kit import database as db
from undersigned.kit import leases, tokens
from undersigned.signatures import arriving, discounting
from undersigned.signatures.criteria import Criteria


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
