"""A held letter waits for a person, who lets it go, says that it was posted, or gives it up."""

import httpx
import pytest

import make
import work
from staff.visits import sign_in, token
from undersigned.kit import database as db


async def decide(client: httpx.AsyncClient, letter_id: int, act: str) -> httpx.Response:
    form = {"form_token": await token(client), "act": act}
    return await client.post(f"/staff/letters/{letter_id}", data=form)


async def state_of(letter_id: int) -> str:
    row = await db.fetch_one("SELECT state FROM letter WHERE id = $1", letter_id)
    assert row is not None
    return str(row["state"])


async def test_a_held_letter_is_let_go_again_and_is_sent_once(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(state="held", reason="The seat is vacant at the moment.", sent_at=None)
    page = (await client.get(f"/staff/letters/{letter.id}")).text
    assert "Try again to send it" in page
    assert (await decide(client, letter.id, "again")).status_code == 303
    await work.settle()
    assert await state_of(letter.id) == "sent"
    assert len([m for m in work.inbox() if m["X-Undersigned-Rehearsal"]]) == 1
    assert (await decide(client, letter.id, "again")).status_code == 422


async def test_a_letter_that_was_posted_says_so_on_its_timeline(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(state="held", reason="By post.", sent_at=None, channel="post")
    paper = await client.get(f"/staff/letters/{letter.id}/paper")
    assert paper.content.startswith(b"%PDF-")
    await decide(client, letter.id, "posted")
    assert await state_of(letter.id) == "sent"
    assert await db.fetch("SELECT channel FROM delivery") == [{"channel": "post"}]


async def test_a_letter_that_is_given_up_fails_and_its_writer_is_told(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(state="held", reason="By post.", sent_at=None)
    await decide(client, letter.id, "give-up")
    assert await state_of(letter.id) == "failed"
    await work.settle()
    assert len(work.inbox("amina@example.org")) == 1


@pytest.mark.parametrize("role", ["viewer", "moderator"])
async def test_only_owners_and_editors_decide(client: httpx.AsyncClient, role: str) -> None:
    await sign_in(client, role)
    letter = await make.letter(state="held", reason="By post.", sent_at=None)
    page = (await client.get(f"/staff/letters/{letter.id}")).text
    assert f'action="/staff/letters/{letter.id}"' not in page
    assert (await decide(client, letter.id, "give-up")).status_code == 403
    assert await state_of(letter.id) == "held"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            "representative SET contact = 'post'",
            "This MP is reached by post: the letter is to be printed and sent.",
        ),
        ("representative SET contact = 'opted_out'", "This MP has asked not to be written to through this site."),
        (
            "representative SET contact = 'opted_out', email = ''",
            "This MP has asked not to be written to through this site.",
        ),
        ("campaign SET state = 'removed'", "This campaign was taken down, so its letters do not go out."),
        ("campaign SET state = 'rejected'", "This campaign was taken down, so its letters do not go out."),
    ],
)
async def test_what_staff_decide_meanwhile_holds_a_letter_in_the_queue(
    client: httpx.AsyncClient, change: str, reason: str
) -> None:
    letter = await make.letter(state="ready", sent_at=None)
    await db.execute(f"UPDATE {change}")
    await work.settle()
    held = await db.fetch_one("SELECT state, reason FROM letter WHERE id = $1", letter.id)
    assert held == {"state": "held", "reason": reason}
    assert [mail for mail in work.inbox() if mail["X-Undersigned-Rehearsal"]] == []
