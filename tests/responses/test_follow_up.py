"""“Did an answer come?”: asked on day 14 and 21, answered with a button, and never asked of whom we know it."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

import make
import work
from undersigned.delivery.tables import Delivery
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting
from undersigned.responses import following_up
from undersigned.responses.tables import FollowUp, Response

pytestmark = pytest.mark.usefixtures("database")


async def sent(days: float, mode: str = "live", **wanted: object) -> Letter:
    """A letter of Amina's that went so many days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    letter = await make.letter(sent_at=at, **wanted)
    await Delivery(
        letter=letter.id,
        channel="email",
        mode=mode,
        recipient="harriet.vale.mp@example.org",
        started_at=at,
        finished_at=at,
        outcome="accepted",
    ).save()
    return letter


async def came_back(letter: Letter, kind: str) -> None:
    """Something came back to the letter."""
    await Response(
        letter=letter.id,
        message_id=f"<{kind}@example.org>",
        kind=kind,
        confidence=90,
        matched_by="token",
        received_at=datetime.now(UTC),
    ).save()


async def asked(letter: Letter) -> list[str]:
    """The subjects of what its writer was mailed, after the clock has had its turn."""
    await following_up.ask()
    await work.settle()
    return [str(message["Subject"]) for message in work.inbox(letter.email)]


async def later(letter: Letter, days: int) -> None:
    """Time goes on for this letter."""
    back = timedelta(days=days)
    await db.execute("UPDATE letter SET sent_at = sent_at - $2::interval WHERE id = $1", letter.id, back)
    await db.execute("UPDATE follow_up SET asked_at = asked_at - $2::interval WHERE letter = $1", letter.id, back)


FIRST = "Did Harriet Vale MP answer you?"
AGAIN = "One last time: did Harriet Vale MP answer you?"


async def test_it_is_asked_on_day_fourteen_and_once_more_on_day_twenty_one() -> None:
    letter = await sent(13.9)
    assert await asked(letter) == []
    await later(letter, 1)
    assert await asked(letter) == [FIRST]
    await later(letter, 5)
    assert await asked(letter) == [FIRST]
    await later(letter, 2)
    assert await asked(letter) == [FIRST, AGAIN]
    await later(letter, 3)
    assert await asked(letter) == [FIRST, AGAIN]


@pytest.mark.parametrize("kind", ["answer", "form_reply"])
async def test_nobody_is_asked_after_an_observed_reply(kind: str) -> None:
    letter = await sent(15)
    await came_back(letter, kind)
    assert await asked(letter) == []


async def test_after_a_mere_acknowledgement_it_is_asked() -> None:
    letter = await sent(15)
    await came_back(letter, "acknowledgement")
    assert await asked(letter) == [FIRST]


async def test_a_reply_that_comes_while_the_question_waits_takes_it_back() -> None:
    letter = await sent(15)
    await following_up.ask()
    await came_back(letter, "answer")
    await work.settle()
    assert work.inbox(letter.email) == []


async def test_whoever_has_said_is_not_asked_again() -> None:
    letter = await sent(15)
    await asked(letter)
    await following_up.answer(letter.id, "nothing")
    await later(letter, 7)
    assert await asked(letter) == [FIRST]


@pytest.mark.parametrize("state", ["failed", "held", "ready", "waiting", "scrubbed"])
async def test_letters_that_did_not_arrive_are_not_asked_about(state: str) -> None:
    assert await asked(await sent(15, state=state)) == []


async def test_letters_of_a_rehearsal_are_not_asked_about() -> None:
    assert await asked(await sent(15, mode="rehearsal")) == []


async def test_nothing_is_asked_once_the_text_is_gone() -> None:
    letter = await sent(15)
    await following_up.ask()
    await db.execute("UPDATE letter SET sent_at = now() - interval '29 days'")
    await forgetting.scrub_letters()
    assert await asked(letter) == []
    assert await asked(await sent(29, email="owen@example.org")) == []


async def test_two_clocks_at_once_ask_once() -> None:
    letter = await sent(15)
    assert [await following_up.ask(), await following_up.ask()] == [1, 0]
    await work.settle()
    assert len(work.inbox(letter.email)) == 1


async def test_the_links_change_nothing_until_the_button_is_pressed_and_the_last_press_counts(
    client: httpx.AsyncClient,
) -> None:
    letter = await sent(15)
    await asked(letter)
    (message,) = work.inbox(letter.email)
    links = re.findall(r"https?://[^/\s]+(/letters/\S+/follow-up\?answer=\w+)", work.text_of(message))
    assert [link.rpartition("=")[2] for link in links] == list(following_up.ANSWERS)
    for link in links:
        page = await client.get(link)
        assert re.search(rf'value="{link.rpartition("=")[2]}" checked', page.text)
    assert await following_up.said_last(letter.id) == ""
    for said in ("nothing", "acknowledgement"):
        saved = await client.post(links[0].partition("?")[0], data={"answer": said}, follow_redirects=True)
        assert "Thank you" in saved.text
    row = await FollowUp.objects().first()
    assert row is not None and row.answer == "acknowledgement"


async def test_nonsense_is_refused_and_letters_that_were_not_sent_have_no_such_page(
    client: httpx.AsyncClient,
) -> None:
    letter = await sent(15)
    page = f"/letters/{tokens.issue('letter', letter.id)}/follow-up"
    refused = await client.post(page, data={"answer": "perhaps"})
    assert refused.status_code == 422
    assert "Choose one of the four answers." in refused.text
    await db.execute("UPDATE letter SET state = 'failed'")
    assert (await client.get(page)).status_code == 404
    assert (await client.post(page, data={"answer": "answer"})).status_code == 404
    assert await FollowUp.count() == 0
