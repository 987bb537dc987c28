"""Where a signer lives: every way of typing it, every country, and what happens when nobody can look it up."""

import asyncio
import re

import httpx
import pytest

import front_door
import make
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.postcodes import facts, index
from undersigned.signatures import resolving
from undersigned.signatures.tables import Tally

NOT_HERE = ["US", "JE", "GG", "IM", "GI"]


@pytest.mark.parametrize(
    "typed",
    ["BL9 0SW", "bl90sw", "BL9-0SW", "BL9–0SW", "BL9—0SW", "BL9\u00a00SW", " bl9  0sw ", "BL9 OSW", "B L 9 0 S W"],
)
async def test_every_way_of_typing_a_postcode_finds_its_constituency(
    client: httpx.AsyncClient, typed: str
) -> None:
    answer = await front_door.sign(client, await make.campaign(), postcode=typed)
    assert answer.status_code == 303, answer.text
    kept = await front_door.row("SELECT postcode, constituency FROM signature")
    assert kept == {"postcode": "BL9 0SW", "constituency": make.BURY_NORTH}


@pytest.mark.parametrize("typed", ["N1 1TY", "n1 1ty", "N1-1TY", "N11TY", "n1–1ty", "n1—1ty"])
async def test_a_short_postcode_is_kept_and_shown_with_its_gap(client: httpx.AsyncClient, typed: str) -> None:
    await front_door.sign(client, await make.campaign(), postcode=typed)
    kept = await client.get(f"/you/{tokens.issue('you', 1)}.json")
    assert [row["postcode"] for row in kept.json()["signatures"]] == ["N1 1TY"]


@pytest.mark.parametrize("typed", ["BL9", "BL9 0", "0SW", "Bury", "BL9 0SWW", "12345"])
async def test_half_a_postcode_is_refused_with_a_sentence(client: httpx.AsyncClient, typed: str) -> None:
    answer = await front_door.sign(client, await make.campaign(), postcode=typed)
    assert answer.status_code == 422
    assert 'id="postcode-error"' in answer.text and typed in answer.text


@pytest.mark.parametrize("typed", ["SW14 9RQ", "GIR 0AA", "BFPO 61"])
async def test_a_postcode_that_no_list_holds_signs_without_a_constituency(
    client: httpx.AsyncClient, typed: str
) -> None:
    campaign = await make.campaign()
    page = await front_door.counted(client, campaign, postcode=typed)
    assert "You are number 1" in page.text
    assert await Tally.of(campaign.id, "country") == {"GB": 1}
    assert await Tally.of(campaign.id, "constituency") == {}


@pytest.mark.parametrize("country", NOT_HERE)
async def test_who_lives_abroad_or_in_a_crown_dependency_needs_no_postcode_and_counts_for_the_country(
    client: httpx.AsyncClient, country: str
) -> None:
    campaign = await make.campaign()
    page = await front_door.counted(client, campaign, postcode="", country=country)
    assert "You are number 1" in page.text
    assert await Tally.of(campaign.id, "country") == {country: 1}
    assert await Tally.of(campaign.id, "constituency") == {}


@pytest.mark.parametrize("country", ["US", "GI"])
async def test_a_signer_from_abroad_may_write_to_an_mp_and_is_asked_where_they_vote(
    client: httpx.AsyncClient, country: str
) -> None:
    page = await front_door.counted(client, await make.campaign(), postcode="", country=country)
    link = re.search(r'href="(/campaigns/[^"]+/write[^"]*)"', page.text)
    assert link, page.text
    letter = await client.get(link[1].replace("&amp;", "&"))
    assert letter.status_code == 200
    assert "Find my MP" in letter.text and "govuk-error-summary" not in letter.text


@pytest.mark.parametrize(("country", "postcode"), [("JE", "JE2 3XP"), ("GG", "GY1 1AA"), ("IM", "IM1 1AA")])
async def test_who_lives_in_a_crown_dependency_is_told_that_no_mp_is_theirs_and_nothing_fails(
    client: httpx.AsyncClient, country: str, postcode: str
) -> None:
    campaign = await make.campaign()
    page = await front_door.counted(client, campaign, postcode="", country=country)
    letter = await client.post(f"/campaigns/{campaign.slug}/write", data={"postcode": postcode})
    for told in (page, letter):
        assert told.status_code == 200 and "parliaments of their own" in told.text


async def test_a_jersey_postcode_given_as_uk_signs_without_a_seat_and_the_letter_says_so(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign, postcode="JE2 3XP")
    assert await Tally.of(campaign.id, "country") == {"JE": 1}
    letter = await client.post(f"/campaigns/{campaign.slug}/write", data={"postcode": "JE2 3XP"})
    assert letter.status_code == 200
    assert "parliaments of their own" in letter.text


async def test_a_seat_that_nobody_holds_shows_no_mp_and_valid_json(client: httpx.AsyncClient) -> None:
    await make.mp()
    await db.execute("UPDATE membership SET ended_on = '2026-11-01'")
    campaign = await make.campaign(slug="light")
    for number in range(Tally.FEWEST_SHOWN):
        address = f"p{number}@example.org"
        page = await front_door.counted(client, campaign, email=address)
    assert "Harriet Vale" not in page.text and "Bury North" in page.text
    told = (await client.get("/campaigns/light.json")).json()["data"]["attributes"]
    assert told["signatures_by_constituency"] == [
        {"name": "Bury North", "ons_code": make.BURY_NORTH, "mp": None, "signature_count": Tally.FEWEST_SHOWN}
    ]


async def test_when_nobody_can_look_it_up_people_sign_and_their_place_is_found_later(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    index.path().unlink()
    index.look_again()
    try:
        page = await front_door.counted(client, campaign)
        assert "You are number 1" in page.text
        assert await Tally.of(campaign.id, "constituency") == {}
    finally:
        facts.write_index(index.path())
        index.look_again()
    assert await resolving.resolve(index.current()) == 1
    assert await Tally.of(campaign.id, "constituency") == {make.BURY_NORTH: 1}


async def test_the_uk_is_the_sum_of_its_constituencies_and_those_without_one(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    typed = [("BL9 0SW", "GB"), ("M2 5PD", "GB"), ("SW14 9RQ", "GB"), ("", "FR"), ("CF10 3ND", "GB")]
    await asyncio.gather(
        *(
            front_door.sign(client, campaign, email=f"p{n}@example.org", postcode=postcode, country=country)
            for n, (postcode, country) in enumerate(typed)
        )
    )
    for number in range(len(typed)):
        await front_door.confirm(client, f"p{number}@example.org")
    assert await Tally.of(campaign.id, "country") == {"FR": 1, "GB": 4}
    assert sum((await Tally.of(campaign.id, "constituency")).values()) == 3
