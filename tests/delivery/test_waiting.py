"""A letter that has lost its reader waits, its writer is told, and it goes on by itself or to somebody new."""

import httpx
import pytest

import front_door
import make
import work
from undersigned.delivery import telling, waiting
from undersigned.kit import database as db
from undersigned.letters import states
from undersigned.letters.tables import Letter
from undersigned.representatives import corrections

NEW = "Somebody else has been elected since this letter was written."


async def held_in(change: str) -> tuple[Letter, list[str]]:
    """A letter of Amina's that was in the queue when this happened, and the subjects of what she was told."""
    letter = await make.letter(state="ready", sent_at=None)
    await db.execute(change)
    await work.settle()
    row = await front_door.row("SELECT state FROM letter WHERE id = $1", letter.id)
    assert row["state"] == "held"
    return letter, [str(mail["Subject"]) for mail in work.inbox("amina@example.org")]


async def state_of(letter: Letter) -> tuple[str, str]:
    row = await front_door.row("SELECT state, reason FROM letter WHERE id = $1", letter.id)
    return row["state"], row["reason"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE membership SET ended_on = current_date, end_reason = 'Resigned'", "The seat is vacant"),
        ("UPDATE constituency SET closed_reason = 'Parliament is dissolved.'", "Parliament is dissolved."),
        ("UPDATE representative SET contact = 'opted_out'", "has asked not to be written to"),
        ("UPDATE campaign SET state = 'removed'", "was taken down"),
    ],
)
async def test_its_writer_is_told_at_once_and_once_and_why(
    client: httpx.AsyncClient, change: str, told: str
) -> None:
    letter, subjects = await held_in(change)
    assert subjects == ["Your letter to Harriet Vale MP has not gone yet"]
    (mail,) = work.inbox("amina@example.org")
    assert told in work.text_of(mail)
    page = await client.get(work.link_in(mail, "/letters/"))
    assert told in page.text
    await waiting.look_again()
    await telling.tell_writers()
    await work.settle()
    assert len(work.inbox("amina@example.org")) == 1
    assert (await state_of(letter))[0] == "held"


async def test_nobody_is_told_about_what_they_can_do_nothing_about(client: httpx.AsyncClient) -> None:
    _, subjects = await held_in("UPDATE representative SET contact = 'post'")
    assert subjects == []


async def test_when_the_house_sits_again_it_goes_on_by_itself(client: httpx.AsyncClient) -> None:
    letter, _ = await held_in("UPDATE constituency SET closed_reason = 'Parliament is dissolved.'")
    assert await waiting.look_again() == 0
    await corrections.reopen(None)
    assert await waiting.look_again() == 1
    await work.settle()
    assert (await state_of(letter))[0] == "sent"


async def test_a_letter_that_a_person_must_read_is_let_alone(client: httpx.AsyncClient) -> None:
    other = await make.letter()
    letter = await make.letter(state="held", reason="It reads like another.", resembles=other.id, sent_at=None)
    assert await waiting.look_again() == 0
    assert await state_of(letter) == ("held", "It reads like another.")


async def by_election() -> None:
    """Bury North elects Idris Cole."""
    await db.execute("UPDATE membership SET ended_on = current_date")
    idris = await make.mp_for("E14001144", display_name="Idris Cole", full_title="Idris Cole MP")
    assert idris.id


async def test_whoever_is_elected_since_is_offered_and_written_to_only_after_it_was_read_once_more(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    await make.mp()
    link = await front_door.queued(client, campaign)
    await by_election()
    await work.settle()
    mail = work.inbox("amina@example.org")[-1]
    assert NEW in work.text_of(mail) and "Your MP is now Idris Cole MP" in work.text_of(mail)
    page = await client.get(link)
    assert "Send it to Idris Cole MP" in page.text
    sheets = await client.post(f"{link}/again", follow_redirects=True)
    assert sheets.status_code == 200
    assert "Idris Cole" in sheets.text
    assert front_door.writing()["prompt_why"] in sheets.text
    row = await front_door.row("SELECT state, paragraphs FROM letter")
    assert row == {"state": "draft", "paragraphs": "[]"}
    assert (await client.post(f"{link}/again")).status_code == 422
    await work.settle()
    assert [m for m in work.inbox() if m["X-Undersigned-Rehearsal"]] == []


async def test_a_letter_is_taken_back_while_it_has_not_left(client: httpx.AsyncClient) -> None:
    await make.mp()
    link = await front_door.queued(client, await make.campaign())
    assert "Take my letter back" in (await client.get(link)).text
    for _ in range(2):
        assert (await client.post(f"{link}/take-back")).status_code == 303
    page = (await client.get(link)).text
    assert "You took it back" in page and "Nothing was sent" in page
    before = len(work.inbox())
    await work.settle()
    assert len(work.inbox()) == before, "nobody is told what they have done themselves"
    assert (await front_door.row("SELECT state, reason FROM letter"))["reason"] == states.TAKEN_BACK


@pytest.mark.parametrize("outcome", ["accepted", "unknown", ""])
async def test_a_letter_that_may_have_left_cannot_be_taken_back(client: httpx.AsyncClient, outcome: str) -> None:
    await make.mp()
    link = await front_door.queued(client, await make.campaign())
    await db.execute(
        """INSERT INTO delivery (letter, channel, mode, recipient, started_at, outcome)
           VALUES (1, 'email', 'live', 'x@example.org', now(), $1)""",
        outcome,
    )
    assert "Take my letter back" not in (await client.get(link)).text
    refused = await client.post(f"{link}/take-back")
    assert refused.status_code == 422
    assert "cannot be taken back" in refused.text
