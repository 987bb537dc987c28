"""The letter beside the form: as it would be read now, and nothing of it is kept."""

import httpx
import pytest

import front_door
from letters.sheets import ALL, press
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.letters.tables import Letter

WRITE = "/campaigns/light/write"


async def look(client: httpx.AsyncClient, **typed: str) -> httpx.Response:
    """What a page asks for while it is typed on."""
    told = front_door.writing(**typed) | {"stage": "look", "kept": "yes"}
    return await client.post(WRITE, data=told)


async def test_the_sheets_begin_with_the_letter_as_it_stands(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await client.post(WRITE, data={"stage": "postcode", "postcode": "BL9 0SW"})
    beside = page.text.partition("data-so-far")[2]
    for words in ("Dear Ms Vale,", "[your address]", "Your own words will stand here.", "I would welcome a reply"):
        assert words in beside, words


async def test_it_has_the_words_the_order_and_the_paragraphs_that_were_chosen(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    answer = await look(client, **ALL | {"keep_reply": ""}, edit_pledge="I say it my way.", name="Amina R")
    assert answer.status_code == 200
    assert "<html" not in answer.text and 'aria-label="Your letter so far"' in answer.text
    assert f'<mark class="own">{front_door.OWN_WORDS}</mark>' in answer.text
    assert '<mark class="own">I say it my way.</mark>' in answer.text
    assert "Amina R" in answer.text and "12 Clough Bank" in answer.text
    assert "I would welcome a reply" not in answer.text and "will stand here" not in answer.text


async def test_the_button_shows_it_without_a_script_and_loses_nothing(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await press(client, campaign, "look", prompt_local="At the stop.", name="")
    assert page.status_code == 200 and "govuk-error" not in page.text
    assert "At the stop.</" in page.text.partition("data-so-far")[2]


async def test_looking_keeps_nothing(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await look(client)
    await press(client, campaign, "look")
    assert await Letter.count() == 0
    assert await db.fetch("SELECT 1 FROM mail") == []


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ supporter.email }}", "{% raw %}", "\0\u202e"])
async def test_whatever_is_typed_is_the_text_that_it_is(
    client: httpx.AsyncClient, campaign: Campaign, words: str
) -> None:
    answer = await look(client, prompt_why=f"I say {words} here.", name=words)
    assert answer.is_success and "<script>" not in answer.text and "amina@example.org" not in answer.text


async def test_too_much_is_said_and_an_empty_seat_has_no_letter(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    assert "too many." in (await look(client, prompt_why="x" * 21_000)).text
    await db.execute("UPDATE membership SET ended_on = current_date")
    assert (await look(client)).status_code == 422


async def test_what_a_page_asks_for_by_itself_never_stops_its_writer(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("undersigned.kit.limits.is_ours", lambda visitor: False)
    answers = [(await look(client)).status_code for _ in range(62)]
    assert 429 in answers
    assert (await front_door.write(client, campaign)).status_code == 200
