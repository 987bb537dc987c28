"""Paper letters at the desk: by reader, as one PDF, and noted as posted."""

import re

import httpx
import pytest

import make
import paper
from staff.visits import sign_in
from undersigned.kit import database as db
from undersigned.letters import states

PAPER = "/staff/campaigns/light/paper"


async def two_wait() -> int:
    """Two letters to Harriet that go on paper, and one that is held for another reason; answers her number."""
    campaign = await make.campaign(slug="light", title="A light")
    told = {"campaign": campaign, "channel": "post", "sent_at": None}
    first = await make.letter(**told, name="Amina Rahman", state="ready")
    await make.letter(**told, name="Owen Pugh", state="held", reason=states.BY_POST)
    await make.letter(**told, name="Wilf Lathbury", state="held", reason="Another reason.")
    return int(first.representative)


async def form(client: httpx.AsyncClient, address: str) -> dict[str, str]:
    page = await client.get(address)
    return dict(re.findall(r'name="(form_token|letters)" value="([^"]+)"', page.text))


async def become() -> list[str]:
    """What has become of each letter."""
    return [row["state"] for row in await db.fetch("SELECT state FROM letter ORDER BY id")]


async def test_letters_are_printed_for_one_reader_and_noted_as_posted(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    at = f"{PAPER}/{await two_wait()}"
    listed = (await client.get(PAPER)).text
    assert f'<a href="{at}">Harriet Vale</a>' in listed and "2 letters wait" in listed
    shown = await form(client, at)
    assert shown["letters"] == "1 2"
    made = await client.post(at, data=shown | {"act": "print"})
    assert made.status_code == 200
    words = paper.text(made.content)
    assert "2 letters to Harriet Vale MP" in words and "Amina Rahman" in words and "Owen Pugh" in words
    assert "Wilf Lathbury" not in words
    assert await become() == [
        "ready",
        "held",
        "held",
    ]
    assert (await client.post(at, data=shown | {"act": "posted"}, follow_redirects=True)).text.count(
        "2 noted as posted"
    ) == 1
    assert await become() == [
        "sent",
        "sent",
        "held",
    ]
    acts = await db.fetch("SELECT act FROM audit WHERE act LIKE '%bundled' OR act LIKE '%posted' ORDER BY id")
    assert [row["act"] for row in acts] == ["letters bundled", "held letter: posted", "held letter: posted"]
    assert (await client.post(at, data=shown | {"act": "posted"})).status_code == 404
    assert "No letter waits to go on paper." in (await client.get(PAPER)).text


async def test_a_letter_that_came_since_the_page_was_shown_is_not_noted_with_the_others(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    at = f"{PAPER}/{await two_wait()}"
    shown = await form(client, at)
    await db.execute("UPDATE letter SET reason = $1 WHERE id = 3", states.BY_POST)
    await client.post(at, data=shown | {"act": "posted"})
    assert await become() == [
        "sent",
        "sent",
        "held",
    ]


@pytest.mark.parametrize("role", ["viewer", "moderator"])
async def test_only_owners_and_editors_print_and_post(client: httpx.AsyncClient, role: str) -> None:
    await sign_in(client, role)
    await two_wait()
    assert (await client.get(PAPER)).status_code == 403
