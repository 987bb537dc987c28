"""Replies that a person sorts, at the desk."""

from datetime import UTC, datetime

import httpx

import make
from staff.visits import sign_in, token
from undersigned.responses.tables import Response


async def reply(confidence: int, reply_to: str = "tracked", text: str = "Blwyddyn newydd dda!") -> Response:
    """Something that came back, called an acknowledgement."""
    letter = await make.letter(reply_to=reply_to)
    made = Response(
        letter=letter.id,
        message_id=f"<{letter.id}@example.org>",
        kind="acknowledgement",
        confidence=confidence,
        matched_by="token",
        from_name="Harriet Vale MP",
        subject="Cyfarchion",
        text=text,
        received_at=datetime.now(UTC),
    )
    await made.save()
    return made


async def say(client: httpx.AsyncClient, response: Response, kind: str) -> httpx.Response:
    """Owen says what it is."""
    told = {"kind": kind, "form_token": await token(client)}
    return await client.post(f"/staff/held/unsure/{response.id}", data=told)


async def test_what_is_unsure_is_shown_with_its_words_and_sorted_with_one_choice(
    client: httpx.AsyncClient,
) -> None:
    unclear, _ = await reply(50), await reply(95, text="We have your letter.")
    await sign_in(client)
    assert "1 reply waits for somebody to say what it is" in (await client.get("/staff/held")).text
    page = (await client.get("/staff/held/unsure")).text
    assert "Blwyddyn newydd dda!" in page
    assert "We have your letter." not in page
    answer = await say(client, unclear, "out_of_office")
    assert answer.headers["location"] == "/staff/held/unsure?sorted_one=1"
    assert "Nothing waits to be sorted." in (await client.get("/staff/held/unsure")).text
    now = await Response.objects().where(Response.id == unclear.id).first()
    assert now is not None
    assert (now.kind, now.confidence) == ("out_of_office", 100)


async def test_words_meant_for_the_writer_alone_are_not_shown(client: httpx.AsyncClient) -> None:
    await reply(50, reply_to="me")
    await sign_in(client)
    page = (await client.get("/staff/held/unsure")).text
    assert "for the writer alone" in page
    assert "Blwyddyn" not in page


async def test_a_choice_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    unclear = await reply(50)
    await sign_in(client)
    assert "Choose what this is." in (await say(client, unclear, "love")).text


async def test_a_viewer_does_not_sort(client: httpx.AsyncClient) -> None:
    await sign_in(client, role="viewer")
    assert (await client.get("/staff/held/unsure")).status_code == 403
