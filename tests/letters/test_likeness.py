"""Two people's letters in the same words wait for a person; a template that both have kept is no sameness."""

import asyncio

import httpx
import pytest

import front_door
import make
import work
from letters.sheets import ALL
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.letters import likeness
from undersigned.letters.tables import Letter

STORY = (
    "My daughter waits at the stop by the library every evening, and there has been no light since October. "
    "In March a man shouted at her there, and nobody saw his face. Please would you ask who is meant to mend it?"
)
REWORDED = STORY.replace("My daughter", "My son").replace("October", "June").replace("her there", "him here")
OTHER = (
    "I drive the 98 bus, and I have been told to go back to where I came from more often than I can count. "
    "I come from Bury. The company keeps a list of such evenings, and I would gladly bring it to your surgery."
)


MANY = """
    INSERT INTO letter SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', 1000 + n, 'email_key', 'person ' || n,
        'likeness', (SELECT jsonb_agg(n * 100 + band) FROM generate_series(1, 32) band)))).*
    FROM letter one, generate_series(1, $1::int) n
"""
"""As many letters by as many people, each with a fingerprint of its own."""


async def confirmed(client: httpx.AsyncClient, campaign: Campaign, who: str, words: str, **typed: str) -> str:
    """Send a letter of somebody's; answers its page."""
    told = {"name": f"{who} Rahman", "email": f"{who.lower()}@example.org", "prompt_why": words, **ALL}
    return await front_door.queued(client, campaign, **(told | typed))


async def states() -> list[str]:
    """Of every letter whether it goes, handed over yet or not, or what else has become of it."""
    rows = await db.fetch("SELECT state FROM letter ORDER BY id")
    return ["goes" if row["state"] in {"ready", "sending", "sent"} else row["state"] for row in rows]


@pytest.mark.parametrize("copy", [STORY, REWORDED, STORY.upper(), STORY.replace(" ", "\n"), f"{STORY} Thank you."])
async def test_the_same_words_by_another_person_wait_for_a_person(
    client: httpx.AsyncClient, campaign: Campaign, copy: str
) -> None:
    await confirmed(client, campaign, "Amina", STORY)
    page = await confirmed(client, campaign, "Owen", copy)
    assert await states() == ["goes", "held"]
    held = await front_door.row("SELECT reason, resembles FROM letter WHERE state = 'held'")
    assert (held["reason"], held["resembles"]) == (likeness.REASON, 1)
    shown = await client.get(page)
    assert "A person looks at it first." in shown.text and "You need do nothing" in shown.text
    assert "Amina" not in shown.text


async def test_what_two_people_wrote_themselves_is_sent(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await confirmed(client, campaign, "Amina", STORY)
    await confirmed(client, campaign, "Owen", OTHER)
    await confirmed(
        client, campaign, "Wilf", f"{OTHER[:60]} {STORY[:60]} And I have more of my own to say about it."
    )
    assert await states() == ["goes"] * 3


async def test_the_template_alone_is_nobodys_copy(client: httpx.AsyncClient, campaign: Campaign) -> None:
    for who in ("Amina", "Owen", "Wilf"):
        await confirmed(client, campaign, who, "")
    assert await states() == ["goes"] * 3
    assert await db.fetch("SELECT 1 FROM letter WHERE own_words <> '' OR likeness <> '{}'") == []


async def test_the_template_pasted_into_ones_own_words_is_still_the_templates(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    pasted = "I would welcome a reply, and I will share the figures with the people who have signed near me."
    for who in ("Amina", "Owen"):
        await confirmed(client, campaign, who, pasted)
    assert await states() == ["goes"] * 2


async def test_a_few_words_are_nobodys_in_particular(client: httpx.AsyncClient, campaign: Campaign) -> None:
    for who in ("Amina", "Owen"):
        await confirmed(client, campaign, who, "Please do what you can about this.")
    assert await states() == ["goes"] * 2


async def test_one_persons_letters_are_their_own(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await confirmed(client, campaign, "Amina", STORY)
    await make.mp("E14001459", "Salford", display_name="Sam Lark", full_title="Sam Lark MP")
    there = {"postcode": "M5 4WT", "constituency": "E14001459"}
    await confirmed(client, campaign, "Amina", STORY, **there)
    await confirmed(client, campaign, "Amina", STORY)
    assert await states() == ["goes"] * 3


async def test_another_mp_is_another_matter(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await confirmed(client, campaign, "Amina", STORY)
    await make.mp("E14001459", "Salford", display_name="Sam Lark", full_title="Sam Lark MP")
    await confirmed(client, campaign, "Owen", STORY, postcode="M5 4WT", constituency="E14001459")
    assert await states() == ["goes"] * 2


async def test_the_same_words_by_way_of_another_campaign_wait_too(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await confirmed(client, campaign, "Amina", STORY)
    other = await make.campaign(slug="other", letter="hate-crime")
    await confirmed(client, other, "Amina", STORY)
    await confirmed(client, other, "Wilf", STORY)
    assert await states() == ["goes", "goes", "held"]


async def test_two_copies_at_one_moment_do_not_slip_past_each_other(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    links = []
    for who in ("Amina", "Owen", "Wilf", "Safiya"):
        typed = {"name": f"{who} Rahman", "email": f"{who.lower()}@example.org", "prompt_why": STORY}
        await front_door.press_send(client, campaign, await front_door.write(client, campaign, **typed))
        links.append(await front_door.mailed_link(typed["email"], "/letters/"))
    await asyncio.gather(*(front_door.say_yes(client, link) for link in links))
    assert sorted(await states()) == ["goes", "held", "held", "held"]


async def test_a_copy_is_found_among_many_letters_without_reading_them_all(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    first = await make.letter(campaign=campaign, own_words=STORY)
    await db.execute(MANY, 3_000)
    await db.execute("ANALYZE letter")
    mine = likeness.fingerprint(OTHER.split(), f"{campaign.id}/{first.representative}")
    async with db.transaction():
        await db.execute(likeness.BY_INDEX)
        plan = await db.fetch(f"EXPLAIN {likeness.NEAR.replace('$1', '$1::bigint[]')}", mine, 0, "x", 20)
    assert "letter_likeness" in str(plan), plan
    await confirmed(client, campaign, "Owen", OTHER)
    await confirmed(client, campaign, "Wilf", OTHER)
    rows = await db.fetch("SELECT id, state, resembles FROM letter WHERE id < 1000 ORDER BY id")
    assert [row["resembles"] for row in rows] == [None, None, rows[1]["id"]]
    assert rows[2]["state"] == "held"


async def decided(client: httpx.AsyncClient, act: str, **typed: str) -> httpx.Response:
    form = {"form_token": await token(client), "act": act, **typed}
    return await client.post("/staff/letters/2", data=form)


async def test_a_person_reads_both_and_lets_it_go(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await confirmed(client, campaign, "Amina", STORY)
    await confirmed(client, campaign, "Owen", STORY)
    await sign_in(client)
    listed = (await client.get("/staff/letters")).text
    assert "One letter waits" in listed
    held = (await client.get("/staff/letters?state=held")).text
    assert "/staff/letters/2" in held and "/staff/letters/1" not in held
    page = (await client.get("/staff/letters/2")).text
    assert '<a href="/staff/letters/1">letter 1</a>' in page and "Let it go" in page
    assert (await decided(client, "again")).status_code == 303
    await work.settle()
    assert await states() == ["goes", "goes"]
    assert "nothing waits for a person" in (await client.get("/staff/letters?state=held")).text
    assert (await db.fetch("SELECT act FROM audit WHERE act LIKE 'held%'")) == [{"act": "held letter: again"}]


async def test_a_letter_is_refused_with_a_reason_that_its_writer_reads(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await confirmed(client, campaign, "Amina", STORY)
    page = await confirmed(client, campaign, "Owen", STORY)
    await sign_in(client)
    for nothing in ("", "   ", "x" * 501):
        assert (await decided(client, "refuse", reason=nothing)).status_code == 422
    assert await states() == ["goes", "held"]
    why = "We have had this letter from somebody else. A sentence of your own would let it go."
    assert (await decided(client, "refuse", reason=why)).status_code == 303
    await work.settle()
    told = work.inbox("owen@example.org")[-1]
    assert "was not sent" in told["Subject"]
    assert why in work.text_of(told).replace("\n", " ")
    pdf = work.link_in(told, "/letters/")
    assert (await client.get(pdf)).content.startswith(b"%PDF-")
    shown = (await client.get(page)).text
    assert "It was not sent" in shown and why in shown and "Print it yourself" in shown
    assert await db.fetch("SELECT 1 FROM audit WHERE act = 'held letter: refuse' AND about = 'letter 2'")


async def test_staff_do_not_read_what_is_being_written(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.write(client, campaign)
    await sign_in(client)
    assert "Nobody has written a letter yet." in (await client.get("/staff/letters")).text
    page, paper = await client.get("/staff/letters/1"), await client.get("/staff/letters/1/paper")
    assert "Only its writer can read it." in page.text and paper.status_code == 404
    assert front_door.OWN_WORDS not in page.text and "12 Clough Bank" not in page.text
    assert await Letter.count() == 1


async def test_staff_do_not_read_what_nobody_has_confirmed(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    await sign_in(client)
    page, paper = await client.get("/staff/letters/1"), await client.get("/staff/letters/1/paper")
    assert "waits for its writer’s yes" in page.text and paper.status_code == 404
    assert front_door.OWN_WORDS not in page.text and "12 Clough Bank" not in page.text
