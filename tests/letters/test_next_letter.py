"""A letter that was confirmed today proves its mailbox for the next one, as a signature does."""

import httpx
import pytest

import front_door
import make
import work
from letters.sheets import area
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens

NEXT = "/campaigns/second/write"


@pytest.fixture
async def second(campaign: Campaign) -> Campaign:
    """Another campaign with a letter."""
    return await make.campaign(slug="second", title="A second light")


async def say_yes(client: httpx.AsyncClient, campaign: Campaign, **typed: str) -> httpx.Response:
    """Write a letter and confirm it from the mailbox; the answer to that press."""
    await front_door.press_send(client, campaign, await front_door.write(client, campaign, **typed))
    link = await front_door.mailed_link(front_door.writing(**typed)["email"], "/letters/")
    return await front_door.say_yes(client, link)


async def go_on(client: httpx.AsyncClient, page: httpx.Response, **typed: str) -> httpx.Response:
    """Press the button of the next letter and fill in the sheets; the page to read once more."""
    begun = {name: front_door.hidden(page, name) for name in ("stage", "proof")}
    sheets = await client.post(NEXT, data=begun)
    assert area(sheets, "address") == "12 Clough Bank\nBury" and 'value="amina@example.org"' in sheets.text
    told = front_door.writing(proof=front_door.hidden(sheets, "proof"), **typed)
    return await client.post(NEXT, data=told)


async def press_send(client: httpx.AsyncClient, review: httpx.Response, proof: str) -> httpx.Response:
    """Send what was read once more, with a proof."""
    return await client.post(
        NEXT, data={"stage": "send", "token": front_door.hidden(review, "token"), "proof": proof}
    )


async def states() -> list[str]:
    """The states of all letters, oldest first."""
    return [row["state"] for row in await db.fetch("SELECT state FROM letter ORDER BY id")]


async def test_whoever_confirmed_a_letter_today_is_not_asked_again_for_the_next(
    client: httpx.AsyncClient, campaign: Campaign, second: Campaign
) -> None:
    off = await say_yes(client, campaign)
    assert off.status_code == 200 and "Write about something else" in off.text and "A second light" in off.text
    review = await go_on(client, off, prompt_why="The second stop is dark as well.")
    assert "the letter is sent when you press the button" in review.text
    sent = await press_send(client, review, front_door.hidden(review, "proof"))
    assert sent.status_code == 303 and sent.headers["location"].startswith("/letters/")
    assert await states() == ["ready", "ready"]
    await work.settle()
    assert "is in the queue" in work.inbox("amina@example.org")[-1]["Subject"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE letter SET confirmed_at = now() - interval '24 hours 1 minute' WHERE state = 'ready'",
        "UPDATE letter SET email_key = 'owen@example.org' WHERE state = 'ready'",
        "DELETE FROM letter WHERE state = 'ready'",
    ],
)
async def test_a_letter_that_no_longer_proves_it_asks_by_e_mail(
    client: httpx.AsyncClient, campaign: Campaign, second: Campaign, change: str
) -> None:
    review = await go_on(client, await say_yes(client, campaign))
    await db.execute(change)
    sent = await press_send(client, review, front_door.hidden(review, "proof"))
    assert sent.headers["location"].startswith(f"{NEXT}?sent=")
    assert (await states())[-1] == "waiting"


async def test_another_mailbox_is_not_proved_by_it(
    client: httpx.AsyncClient, campaign: Campaign, second: Campaign
) -> None:
    off = await say_yes(client, campaign)
    review = await client.post(
        NEXT,
        data=front_door.writing(email="owen@example.org", proof=front_door.hidden(off, "proof")),
        follow_redirects=True,
    )
    assert 'name="proof"' not in review.text
    await press_send(client, review, front_door.hidden(off, "proof"))
    assert await states() == ["ready", "waiting"]


async def test_the_links_of_a_letter_hand_its_proof_to_nobody(
    client: httpx.AsyncClient, campaign: Campaign, second: Campaign
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    before = await client.get(link)
    off = await front_door.say_yes(client, link)
    again = await client.post(f"{link}/send", data={"read": front_door.hidden(before, "read")})
    assert again.status_code == 303, "the press counts once, and so does what it proves"
    proof = front_door.hidden(off, "proof")
    for page in (before, again, await client.get(link)):
        assert proof not in page.text and 'name="proof"' not in page.text
    assert f"={proof}" not in off.text and proof not in str(off.url)
    for forged in (link.rpartition("/")[2], tokens.issue("letter", 1), tokens.issue("draft", 1)):
        sheets = await client.post(NEXT, data={"stage": "begin", "proof": forged})
        assert "amina@example.org" not in sheets.text and "Clough" not in sheets.text


async def test_where_there_is_nothing_else_to_write_the_press_leads_to_the_letter(
    client: httpx.AsyncClient, campaign: Campaign, second: Campaign
) -> None:
    await db.execute("UPDATE campaign SET state = 'closed' WHERE slug = 'second'")
    answer = await say_yes(client, campaign)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/letters/")


async def test_a_proof_is_not_made_younger_by_being_used(
    client: httpx.AsyncClient, campaign: Campaign, second: Campaign
) -> None:
    await make.campaign(slug="third", title="A third light")
    off = await say_yes(client, campaign)
    review = await go_on(client, off, prompt_why="The second stop is dark as well.")
    sent = await press_send(client, review, front_door.hidden(review, "proof"))
    assert sent.status_code == 200 and "A third light" in sent.text and "Write about this" in sent.text
    assert front_door.hidden(sent, "proof") == front_door.hidden(off, "proof")
