"""One address may carry two people of one household, and never three."""

import asyncio

import httpx
import pytest

import front_door
import make
import work
from undersigned.kit import database as db
from undersigned.signatures import recounting
from undersigned.supporters import addresses


async def names() -> list[str]:
    """Who has signed."""
    return [row["name"] for row in await db.fetch("SELECT name FROM signature ORDER BY id")]


async def test_two_names_at_one_postcode_share_an_address_and_are_both_counted(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    first = await front_door.counted(client, campaign)
    second = await front_door.counted(client, campaign, name="Yusuf Rahman")
    assert "You are number 1" in first.text
    assert "You are number 2" in second.text
    assert await names() == ["Amina Rahman", "Yusuf Rahman"]


async def test_a_third_is_refused_without_a_word(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    first = await front_door.sign(client, campaign)
    await front_door.sign(client, campaign, name="Yusuf Rahman")
    third = await front_door.sign(client, campaign, name="Zara Rahman")
    assert (third.status_code, third.headers, third.content) == (303, first.headers, first.content)
    await work.settle()
    assert await names() == ["Amina Rahman", "Yusuf Rahman"]
    assert not any("Zara" in work.text_of(message) for message in work.inbox())


async def test_names_that_nobody_has_confirmed_for_a_day_give_way_to_whoever_the_address_belongs_to(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    for name in ("Fake One", "Fake Two"):
        await front_door.sign(client, campaign, name=name, postcode="M2 5PD", source="poster")
    await front_door.sign(client, campaign)
    assert await names() == ["Fake One", "Fake Two"]
    await db.execute("UPDATE signature SET created_at = created_at - interval '25 hours'")
    await db.execute(
        "UPDATE tally SET key = to_char(now() AT TIME ZONE 'UTC' - interval '25 hours', $1) WHERE kind = $2",
        'YYYY-MM-DD"T"HH24',
        "created",
    )
    old = await front_door.mailed_link("amina@example.org")
    assert "You are number 1" in (await front_door.counted(client, campaign)).text
    assert await names() == ["Amina Rahman"]
    assert (await client.post(old)).status_code == 410
    found = await recounting.recount(campaign.id)
    assert found.drift == []


async def test_a_name_that_is_confirmed_gives_way_to_nobody(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await front_door.sign(client, campaign, name="Fake Two")
    await db.execute("UPDATE signature SET created_at = created_at - interval '25 hours'")
    await front_door.sign(client, campaign, name="Fake Three", postcode="M2 5PD")
    assert await names() == ["Amina Rahman", "Fake Two"]
    await front_door.sign(client, campaign, name="Yusuf Rahman")
    assert await names() == ["Amina Rahman", "Yusuf Rahman"]


@pytest.mark.parametrize("typed", [{"name": "Yusuf Rahman", "postcode": "M2 5PD"}, {"postcode": "M2 5PD"}])
async def test_another_postcode_is_another_household_and_only_the_mailbox_is_told(
    client: httpx.AsyncClient, typed: dict[str, str]
) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    first = await front_door.sign(client, campaign, email="owen@example.org", name="Owen Ellis")
    again = await front_door.sign(client, campaign, **typed)
    assert (again.status_code, again.headers, again.content) == (303, first.headers, first.content)
    await work.settle()
    assert await names() == ["Amina Rahman", "Owen Ellis"]
    assert [str(message["Subject"]).split(":")[0] for message in work.inbox("amina@example.org")] == [
        "One press and your name is counted",
        "Your name is already there",
    ]


async def test_one_person_is_one_however_the_name_is_spelt(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    for name in ("José Álvarez", "jose alvarez", "JOSÉ  ÁLVAREZ.", "José-Álvarez"):
        assert (await front_door.sign(client, campaign, name=name)).status_code == 303
    assert await names() == ["José Álvarez"]


async def test_many_of_a_household_at_once_are_still_two(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    people = [f"{first} Rahman" for first in ("Amina", "Yusuf", "Zara", "Idris", "Leila", "Noor")]
    answers = await asyncio.gather(*(front_door.sign(client, campaign, name=name) for name in people * 4))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await names()) == 2


async def test_the_same_household_signs_another_campaign_afresh(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        await front_door.sign(client, await make.campaign())
    assert await names() == ["Amina Rahman"] * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amina.Rahman@gmail.com", "aminarahman@googlemail.com"),
        ("amina+petitions@gmail.com", "am.ina@gmail.com"),
        ("AMINA@Example.ORG", "amina+x@example.org"),
    ],
)
def test_spellings_of_one_mailbox_have_one_key(one: str, other: str) -> None:
    assert addresses.key(one) == addresses.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("amina.rahman@example.org", "aminarahman@example.org"),
        ("amina@example.org", "amina@example.com"),
        ("+amina@example.org", "+owen@example.org"),
    ],
)
def test_different_mailboxes_have_different_keys(one: str, other: str) -> None:
    assert addresses.key(one) != addresses.key(other)
