"""Held letters at the desk: why each waits, the longest first, and one decision however many people look."""

import asyncio
import re

import httpx
import pytest

import make
import work
from staff.visits import sign_in, token
from undersigned.delivery import failing
from undersigned.kit import database as db
from undersigned.letters import likeness, states
from undersigned.letters.tables import Letter

VACANT = "The seat is vacant at the moment."
WORDS = '[{{"text": "{}", "own": true}}]'


async def hold(name: str, reason: str = VACANT, hours: int = 1, **told: object) -> Letter:
    """A letter by ``name`` that has been held for so many hours."""
    letter = await make.letter(
        **{"state": "held", "reason": reason, "sent_at": None, "name": name, "email": f"{hours}@example.org"}
        | told
    )
    await db.execute(
        "UPDATE letter SET held_at = now() - make_interval(hours => $2) WHERE id = $1", letter.id, hours
    )
    return letter


async def seen(client: httpx.AsyncClient, letter: Letter) -> dict[str, str]:
    """What the forms on the letter's page carry."""
    page = await client.get(f"/staff/letters/{letter.id}")
    found = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert found, page.text
    return {"form_token": await token(client), "seen": found[1]}


def order(page: str, *names: str) -> list[str]:
    """Those of ``names`` that the page shows, in its order."""
    return sorted((name for name in names if name in page), key=page.index)


async def test_the_list_begins_with_the_one_that_has_waited_longest(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    await hold("Nell Ashworth", hours=3)
    await hold("Owen Pugh", hours=30)
    await hold("Ivy Catmose", hours=12)
    page = (await client.get("/staff/letters/held")).text
    assert order(page, "Nell Ashworth", "Owen Pugh", "Ivy Catmose") == [
        "Owen Pugh",
        "Ivy Catmose",
        "Nell Ashworth",
    ]
    assert VACANT in page and page.count('aria-current="page"') == 1


async def test_filters_by_why_and_by_campaign_and_each_says_how_many(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    light, gone = await make.campaign(slug="light"), await make.campaign(slug="gone", state="removed")
    told = {
        "reader": await hold("Nell Ashworth", campaign=light),
        "alike": await hold("Owen Pugh", likeness.REASON, campaign=light),
        "address": await hold("Ivy Catmose", failing.REASON),
        "campaign": await hold("Tom Ackroyd", "This campaign was taken down.", campaign=gone),
        "paper": await hold("Ruth Levy", states.BY_POST, channel="post"),
    }
    names = [letter.name for letter in told.values()]
    for why, letter in told.items():
        page = (await client.get(f"/staff/letters/held?why={why}")).text
        assert order(page, *names) == [letter.name], why
        assert "(1)</option>" in page
    everything = (await client.get("/staff/letters/held")).text
    assert "Ruth Levy" not in everything and "wait for a decision (4)" in everything
    of_light = (await client.get("/staff/letters/held?campaign=light")).text
    assert set(order(of_light, *names)) == {"Nell Ashworth", "Owen Pugh"}
    assert "None of the held letters" in (await client.get("/staff/letters/held?campaign=none")).text


async def test_the_navigation_counts_what_waits_for_a_decision(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    assert "Held letters</a>" in (await client.get("/staff")).text
    assert "No letter is held" in (await client.get("/staff/letters/held")).text
    letter = await hold("Nell Ashworth")
    await hold("Ruth Levy", states.BY_POST, channel="post")
    assert "Held letters (1)" in (await client.get("/staff")).text
    await client.post(f"/staff/letters/{letter.id}", data=await seen(client, letter) | {"act": "again"})
    assert "Held letters</a>" in (await client.get("/staff")).text


async def test_a_letter_much_like_another_is_shown_beside_it(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    first = await make.letter(paragraphs=WORDS.format("We wait in the dark, every evening, all of us."))
    second = await hold(
        "Owen Pugh",
        likeness.REASON,
        resembles=first.id,
        paragraphs=WORDS.format("My wife and I wait in the DARK every evening, and we are tired."),
    )
    page = (await client.get(f"/staff/letters/{second.id}")).text
    assert "<mark>wait in the DARK every evening,</mark>" in page
    assert "<mark>wait in the dark, every evening,</mark>" in page
    read = await db.fetch("SELECT about FROM audit WHERE act = 'letter read' ORDER BY id")
    assert [row["about"] for row in read] == [f"letter {second.id}", f"letter {first.id}"]


async def test_refusing_without_a_reason_is_a_mistake_beside_its_field(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await hold("Nell Ashworth")
    form = await seen(client, letter) | {"act": "refuse"}
    answer = await client.post(f"/staff/letters/{letter.id}", data=form)
    assert answer.status_code == 422 and 'id="reason-error"' in answer.text
    long = await client.post(f"/staff/letters/{letter.id}", data=form | {"reason": "much too long " * 50})
    assert long.status_code == 422 and "much too long much" in long.text, "what was typed is still there"


async def test_a_refused_writer_reads_the_reason(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await hold("Nell Ashworth")
    why = "It names a neighbour, so we do not send it."
    answer = await client.post(
        f"/staff/letters/{letter.id}", data=await seen(client, letter) | {"act": "refuse", "reason": why}
    )
    page = (await client.get(answer.headers["location"])).text
    assert "Its writer reads your reason" in page and "Refused" in page and "By Owen" in page
    await work.settle()
    assert why in work.text_of(work.inbox(letter.email)[-1])


async def test_two_people_decide_at_once_and_the_second_is_shown_what_the_first_did(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    letter = await hold("Nell Ashworth")
    form = await seen(client, letter)
    acts = [form | {"act": "again"}, form | {"act": "refuse", "reason": "We do not send it."}]
    answers = await asyncio.gather(*(client.post(f"/staff/letters/{letter.id}", data=act) for act in acts))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    late = next(answer for answer in answers if answer.status_code == 422)
    assert "no longer held, so nothing was changed" in late.text and "By Owen" in late.text
    assert len(await db.fetch("SELECT id FROM audit WHERE act LIKE 'held letter: %'")) == 1


async def test_nobody_decides_about_another_holding_than_the_one_they_read(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await hold("Nell Ashworth")
    form = await seen(client, letter) | {"act": "give-up"}
    await db.execute("UPDATE letter SET state = 'ready'")
    await db.execute("UPDATE letter SET state = 'held', reason = $1", failing.REASON)
    answer = await client.post(f"/staff/letters/{letter.id}", data=form)
    assert answer.status_code == 422 and "held again since you read it" in answer.text
    assert (await db.fetch("SELECT state FROM letter")) == [{"state": "held"}]


@pytest.mark.parametrize("role", ["owner", "viewer"])
async def test_only_those_who_may_read_letters_see_the_list(client: httpx.AsyncClient, role: str) -> None:
    await sign_in(client, role)
    await hold("Nell Ashworth")
    answer = await client.get("/staff/letters/held")
    assert answer.status_code == (200 if role == "owner" else 403)
    assert ("Held letters" in (await client.get("/staff")).text) == (role == "owner")
