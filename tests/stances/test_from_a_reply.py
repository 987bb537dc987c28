"""A stance that was read from a reply, and its words, which nobody sees before their reader has said yes."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import make
import work
from staff.visits import sign_in, token
from undersigned.kit import database as db
from undersigned.letters import stances
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting, holdings
from undersigned.responses.tables import Response
from undersigned.stances import showing

TEXT = (
    "Dear Ms Rahman,\n\nThank you for your letter. I will vote for the light at the bus stop, and have told the "
    "Minister so.\n\nYou can reach my office on 020 7946 0018, or at office@example.org.\n\nHarriet Vale"
)
WORDS = "I will vote for the light at the bus stop, and have told the Minister so."


async def reply(text: str = TEXT, **told: Any) -> tuple[Letter, Response]:
    letter = await make.letter(**({"reply_to": "tracked"} | told))
    made = Response(
        letter=letter.id,
        message_id="<one@office>",
        kind="answer",
        confidence=90,
        matched_by="token",
        from_name="Harriet Vale",
        text=text,
        received_at=datetime(2026, 3, 3, 12, tzinfo=UTC),
    )
    await made.save()
    return letter, made


async def note(client: httpx.AsyncClient, response: Response, **typed: str) -> httpx.Response:
    told = {"form_token": await token(client), "position": "supports"} | typed
    return await client.post(f"/staff/replies/{response.id}/stance", data=told)


async def stance(letter: Letter) -> showing.Shown | None:
    return await showing.now(letter.campaign, letter.representative)


async def test_a_stance_is_noted_with_the_day_of_the_reply(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter, response = await reply()
    done = await note(client, response)
    assert done.headers["location"] == f"/staff/replies/{response.id}?noted=yes"
    assert "It is noted where Harriet Vale stands" in (await client.get(done.headers["location"])).text
    noted = await stance(letter)
    assert noted is not None
    assert (noted.position, noted.source) == ("supports", "A reply to a constituent, 3 March 2026")
    assert (noted.words, noted.waits) == ("", False)
    await work.settle()
    assert work.inbox("amina@example.org") == []


async def test_words_are_shown_once_their_reader_says_yes_and_never_before(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter, response = await reply()
    await note(client, response, words=f"  {WORDS.replace(' bus', chr(10) + 'bus')} ")
    await work.settle()
    (mail,) = work.inbox("amina@example.org")
    assert mail["Subject"] == "May we show what Harriet Vale MP wrote to you?"
    assert mail["Auto-Submitted"] == "auto-generated"
    link = work.link_in(mail, "/quotations/")
    page = await client.get(link)
    assert WORDS in page.text and "Nothing that says who I am is shown" in page.text
    shown = await stance(letter)
    assert shown is not None and (shown.words, shown.waits) == ("", True)
    answered = await client.post(link, data={"answer": "yes"})
    assert "Thank you" in (await client.get(answered.headers["location"])).text
    shown = await stance(letter)
    assert shown is not None and (shown.words, shown.waits) == (WORDS, False)
    row = await db.fetch_one("SELECT w.text FROM quotation q JOIN wording w ON w.id = q.wording")
    assert row is not None and row["text"].startswith("I agree that these words")
    await client.post(link, data={"answer": "no"})
    shown = await stance(letter)
    assert shown is not None and (shown.words, shown.waits) == ("", False)
    assert (await client.post(link, data={"answer": "maybe"})).status_code == 422


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("I will vote against it.", "do not stand in the reply"),
        ("You can reach my office on 020 7946 0018", "a telephone or reference number"),
        ("office@example.org", "an e-mail address"),
        ("Dear Ms Rahman, Thank you for your letter.", "may say who was written to"),
        ("I will vote " * 60, "at most 600 characters"),
    ],
)
async def test_words_that_say_who_was_written_to_are_refused(
    client: httpx.AsyncClient, words: str, sentence: str
) -> None:
    await sign_in(client)
    letter, response = await reply()
    refused = await note(client, response, words=words)
    assert refused.status_code == 422 and sentence in refused.text
    assert await stance(letter) is None
    assert await db.fetch("SELECT id FROM quotation") == []


async def test_of_a_private_answer_nothing_can_be_shown(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    _, response = await reply(reply_to="me")
    refused = await note(client, response, words=WORDS)
    assert refused.status_code == 422 and "its reader’s alone" in refused.text
    assert WORDS not in refused.text.replace(f">\n{WORDS}</textarea>", "")


async def test_when_another_stance_is_noted_first_nobody_is_asked(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    _, response = await reply()
    await note(client, response, words=WORDS)
    await note(client, response, position="undecided")
    await work.settle()
    assert work.inbox("amina@example.org") == []


async def test_a_strangers_link_opens_nothing(client: httpx.AsyncClient) -> None:
    _, response = await reply()
    assert (await client.get("/quotations/nonsense")).status_code == 404
    assert (await client.post("/quotations/nonsense", data={"answer": "yes"})).status_code == 404
    assert response.id


async def test_erasing_and_time_take_the_words_away(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter, response = await reply()
    await note(client, response, words=WORDS)
    held = (await holdings.of("amina@example.org"))["quotations"]
    assert [row["words"] for row in held] == [WORDS]
    await db.execute("UPDATE quotation SET asked_at = now() - interval '29 days'")
    assert (await forgetting.keep_promises())["quotations"] == 1
    assert await db.fetch("SELECT words FROM quotation") == [{"words": ""}]
    await holdings.erase("amina@example.org")
    assert await db.fetch("SELECT id FROM quotation") == []
    assert await stance(letter) is not None


async def test_words_agreed_to_outlive_the_letter_until_the_campaign_is_forgotten(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    letter, response = await reply()
    await note(client, response, words=WORDS)
    await db.execute("UPDATE quotation SET answer = 'yes', asked_at = now() - interval '200 days'")
    await db.execute("UPDATE letter SET sent_at = now() - interval '200 days', ended_at = NULL")
    await forgetting.keep_promises()
    shown = await stance(letter)
    assert shown is not None and shown.words == WORDS
    await db.execute("UPDATE campaign SET closes_at = now() - interval '3 years', state = 'closed'")
    await forgetting.keep_promises()
    shown = await stance(letter)
    assert shown is not None and shown.words == ""


async def test_the_desk_lists_where_everybody_stands(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    assert "There is no campaign yet" in (await client.get("/staff/stances")).text
    letter, _ = await reply()
    page = (await client.get("/staff/stances")).text
    assert "We know of nobody yet" in page
    told = {"form_token": await token(client), "which": "Bury North", "position": "opposes", "source": "A vote."}
    campaign = await db.fetch_one("SELECT slug FROM campaign WHERE id = $1", letter.campaign)
    assert campaign is not None
    url = f"/staff/stances?campaign={campaign['slug']}"
    done = await client.post(url, data=told)
    assert done.headers["location"] == f"{url}&done=noted"
    page = (await client.get(f"{url}&only=opposes")).text
    assert "Harriet Vale" in page and "Opposes it (1)" in page and "A vote." in page
    assert "Nobody stands there." in (await client.get(f"{url}&only=supports")).text
    for wrong, sentence in (
        ({"which": "Atlantis"}, "Nobody sits under"),
        ({"position": ""}, "Choose where they stand."),
        ({"source": ""}, "Say how you know"),
        ({"position": "committed"}, "A stance here is one of"),
    ):
        refused = await client.post(url, data=told | wrong)
        assert refused.status_code == 422 and sentence in refused.text, wrong


def test_every_position_has_its_words_and_its_side() -> None:
    assert set(stances.FOR) | set(stances.AGAINST) <= set(stances.WORDS)
    assert not set(stances.FOR) & set(stances.AGAINST)
