"""Three weeks without an answer: a short second letter, once, under the first one's name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import make
import work
from undersigned.delivery import switch
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters.tables import Letter

WEEKS = timedelta(days=22)


@pytest.fixture
async def sent(client: httpx.AsyncClient) -> Letter:
    """A letter that went three weeks ago."""
    ago = datetime.now(UTC) - WEEKS
    return await make.letter(sent_at=ago, created_at=ago, confirmed_at=ago, message_id="<first@example.org>")


def page_of(letter: Letter) -> str:
    return f"/letters/{tokens.issue('letter', letter.id)}"


async def test_a_follow_up_quotes_the_first_letter_and_goes_the_same_way(
    client: httpx.AsyncClient, sent: Letter
) -> None:
    here = page_of(sent)
    assert "Follow up on my letter" in (await client.get(here)).text
    assert "I wrote to you about “A light at the bus stop”" in (await client.get(f"{here}/chase")).text
    words = "It is darker still, now that the clocks have changed."
    shown = await client.post(f"{here}/chase", data={"words": words, "press": "look"})
    assert shown.status_code == 200 and words in shown.text
    assert len(await db.fetch("SELECT id FROM letter")) == 1
    answer = await client.post(f"{here}/chase", data={"words": words, "press": "send"})
    assert answer.status_code == 303
    second = await client.get(answer.headers["location"])
    assert "This follows up on" in second.text
    await work.settle()
    (mail,) = [one for one in work.inbox() if one["X-Undersigned-Rehearsal"]]
    assert mail["In-Reply-To"] == mail["References"] == "<first@example.org>"
    assert words in work.text_of(mail)
    assert "I have not had an answer yet" in work.text_of(mail)
    page = (await client.get(here)).text
    assert "You followed up on it" in page and "Follow up on my letter" not in page
    (noted,) = work.inbox("amina@example.org")
    assert "in the queue" in str(noted["Subject"])


async def test_it_is_offered_once(client: httpx.AsyncClient, sent: Letter) -> None:
    data = {"words": "", "press": "send"}
    assert (await client.post(f"{page_of(sent)}/chase", data=data)).status_code == 303
    again = await client.post(f"{page_of(sent)}/chase", data=data)
    assert again.status_code == 422 and "already" in again.text
    assert len(await db.fetch("SELECT id FROM letter WHERE follows = $1", sent.id)) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE letter SET sent_at = now() - interval '20 days'", "You can follow up on it from"),
        ("UPDATE letter SET state = 'failed'", "Only a letter that was sent"),
        ("UPDATE letter SET state = 'scrubbed', paragraphs = '[]'", "Only a letter that was sent"),
        ("UPDATE membership SET ended_on = current_date", "no longer sits for your constituency"),
        (
            """INSERT INTO response (letter, message_id, kind, confidence, matched_by, received_at)
               VALUES (1, '<a@b>', 'answer', 90, 'token', now())""",
            "It was answered.",
        ),
    ],
)
async def test_nobody_is_chased_too_early_or_after_an_answer_or_in_vain(
    client: httpx.AsyncClient, sent: Letter, change: str, told: str
) -> None:
    await db.execute(change)
    assert "Follow up on my letter" not in (await client.get(page_of(sent))).text
    for answer in (
        await client.get(f"{page_of(sent)}/chase"),
        await client.post(f"{page_of(sent)}/chase", data={"press": "send"}),
    ):
        assert answer.status_code == 422
        assert told in answer.text
    assert len(await db.fetch("SELECT id FROM letter")) == 1


async def test_an_acknowledgement_is_no_answer(client: httpx.AsyncClient, sent: Letter) -> None:
    await db.execute(
        """INSERT INTO response (letter, message_id, kind, confidence, matched_by, received_at)
           VALUES (1, '<a@b>', 'acknowledgement', 90, 'token', now())"""
    )
    assert "Follow up on my letter" in (await client.get(page_of(sent))).text


@pytest.mark.parametrize(
    "words", ["{{ mp }} <script>alert(1)</script>\r\nBcc: all@example.org", "x" * 1_001, "\0"]
)
async def test_whatever_is_typed_is_text_or_refused_with_a_sentence(
    client: httpx.AsyncClient, sent: Letter, words: str
) -> None:
    answer = await client.post(f"{page_of(sent)}/chase", data={"words": words, "press": "look"})
    assert answer.status_code == (422 if len(words) > 1_000 else 200)
    assert "<script>alert" not in answer.text


async def test_stopped_letters_are_said_to_be_stopped(client: httpx.AsyncClient, sent: Letter) -> None:
    answer: Any = await client.post(f"{page_of(sent)}/chase", data={"press": "send"})
    await switch.turn(switch.STOP, "Something is wrong.")
    assert "All letters are stopped at the moment" in (await client.get(answer.headers["location"])).text
