"""Letters at the desk: reading one, placing held mail, and turning the delivery switch."""

import re
from datetime import UTC, datetime

import httpx
import pytest

import make
from correspondence.came_back import held, reply
from staff.visits import sign_in, token
from undersigned.delivery import switch
from undersigned.delivery.tables import Delivery
from undersigned.kit import database as db
from undersigned.staff import audit


async def test_letters_fifty_to_a_page_and_by_state(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    for _ in range(51):
        await make.letter(campaign=campaign)
    failed = await make.letter(state="failed", reason="The MP's mail server refused the letter.")
    first = (await client.get("/staff/letters?campaign=light")).text
    assert len(re.findall(r"/staff/letters/\d", first)) == 50 and "Older letters" in first
    second = (await client.get("/staff/letters?campaign=light&page=2")).text
    assert len(re.findall(r"/staff/letters/\d", second)) == 1 and "Newer letters" in second
    only = (await client.get("/staff/letters?state=failed")).text
    assert f"/staff/letters/{failed.id}" in only and len(re.findall(r"/staff/letters/\d", only)) == 1
    assert "no letters like that" in (await client.get("/staff/letters?state=held")).text


async def test_reading_a_letter_is_written_in_the_audit(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(reply_to="tracked")
    await reply(letter.id)
    now = datetime.now(UTC)
    await Delivery(
        letter=letter.id, channel="email", mode="rehearsal", recipient="operator@example.org",
        started_at=now, finished_at=now, outcome="accepted", code=250, answer="Stored.",
    ).save()  # fmt: skip
    page = (await client.get(f"/staff/letters/{letter.id}")).text
    for words in ("It is dark there.", "operator@example.org", "Stored.", "I agree about the light."):
        assert words in page, words
    rows = await db.fetch("SELECT staff_id, about FROM audit WHERE act = 'letter read'")
    assert rows == [{"staff_id": "1", "about": f"letter {letter.id}"}]
    assert (await client.get("/staff/letters/999")).status_code == 404
    assert (await client.get(f"/staff/letters/{'9' * 30}")).status_code == 400


async def test_a_scrubbed_letter_says_that_its_text_is_gone(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(state="scrubbed", paragraphs="[]")
    assert "deleted on time" in (await client.get(f"/staff/letters/{letter.id}")).text


async def test_held_mail_is_placed_with_its_letter(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter, mail = await make.letter(), await held()
    assert "Your letter" in (await client.get("/staff/held")).text
    page = (await client.get(f"/staff/held/{mail.id}")).text
    assert "looking into the bus stop" in page and f"Letter {letter.id}" in page
    form = {"form_token": await token(client), "letter": str(letter.id)}
    placed = await client.post(f"/staff/held/{mail.id}", data=form)
    assert placed.headers["location"] == f"/staff/held?placed={letter.id}"
    assert "Nothing is held" in (await client.get(placed.headers["location"])).text
    assert await db.fetch("SELECT kind FROM response") == [{"kind": "answer"}]
    again = await client.post(f"/staff/held/{mail.id}", data=form)
    assert again.status_code == 422 and "placed this mail already" in again.text


async def test_held_mail_placed_with_no_letter_is_said_so(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    mail = await held()
    form = {"form_token": await token(client)}
    for number, words in (("", "Enter the number"), ("x", "Enter the number"), ("77", "no such letter"),
                          ("9" * 30, "Enter the number")):  # fmt: skip
        answer = await client.post(f"/staff/held/{mail.id}", data=form | {"letter": number})
        assert answer.status_code == 422 and words in answer.text, number
    assert (await client.get("/staff/held/999")).status_code == 404


async def test_going_live_asks_for_the_word(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    form = {"form_token": await token(client), "mode": "live"}
    refused = await client.post("/staff/delivery", data=form)
    assert refused.status_code == 422 and "Type the word live" in refused.text
    assert await switch.mode() == switch.REHEARSAL
    turned = await client.post("/staff/delivery", data=form | {"word": "Live", "reason": "We are ready"})
    assert turned.status_code == 303
    assert await switch.mode() == switch.LIVE
    page = (await client.get("/staff/delivery")).text
    assert "Letters go to representatives." in page and "We are ready" in page and "owen@example.org" in page


async def test_stop_works_at_once_and_no_choice_is_a_mistake(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    form = {"form_token": await token(client)}
    assert (await client.post("/staff/delivery", data=form)).status_code == 422
    assert (await client.post("/staff/delivery", data=form | {"mode": "stop"})).status_code == 303
    assert await switch.mode() == switch.STOP
    assert "No letter leaves" in (await client.get("/staff")).text


async def test_failures_are_shown_by_domain(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter()
    for outcome, recipient in (("accepted", "a@Parl.example.org"), ("rejected", "b@parl.example.org")):
        await Delivery(
            letter=letter.id, channel="email", mode="live", recipient=recipient,
            started_at=datetime.now(UTC), outcome=outcome,
        ).save()  # fmt: skip
    page = (await client.get("/staff/delivery")).text
    assert page.count("parl.example.org") == 1


async def test_opening_held_mail_is_written_in_the_audit(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    mail = await held()
    await client.get(f"/staff/held/{mail.id}")
    await client.get("/staff/held/999")
    rows = await db.fetch("SELECT staff_id, about FROM audit WHERE act = 'held mail read'")
    assert rows == [{"staff_id": "1", "about": f"held mail {mail.id}"}]


async def test_mail_is_not_placed_unless_the_audit_says_who_did(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(client)
    letter, mail = await make.letter(), await held()

    async def full(*_: object, **__: object) -> None:
        raise OSError("no room")

    form = {"form_token": await token(client), "letter": str(letter.id)}
    monkeypatch.setattr(audit, "record", full)
    assert (await client.post(f"/staff/held/{mail.id}", data=form)).status_code >= 500
    monkeypatch.undo()
    assert await db.fetch("SELECT 1 FROM response") == []
    assert (await client.post(f"/staff/held/{mail.id}", data=form)).status_code == 303
    rows = await db.fetch("SELECT staff_id, about FROM audit WHERE act = 'mail placed'")
    assert rows == [{"staff_id": "1", "about": f"letter {letter.id}"}]
