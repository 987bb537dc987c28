"""Signing in with a one-time link, and who is let past the guard."""

import httpx

import make
import work
from staff.visits import sign_in, token
from undersigned.kit import database as db


async def test_a_stranger_and_a_member_of_staff_see_the_same_page(client: httpx.AsyncClient) -> None:
    await make.staff()
    stranger = await client.post("/staff/sign-in", data={"email": "nobody@example.org"})
    owen = await client.post("/staff/sign-in", data={"email": "Owen@example.org"})
    assert stranger.status_code == owen.status_code == 200
    assert stranger.text == owen.text
    await work.settle()
    assert len(work.inbox()) == 1


async def test_the_link_in_the_mail_signs_in_once_a_button_is_pressed(client: httpx.AsyncClient) -> None:
    await make.staff()
    await client.post("/staff/sign-in", data={"email": "owen@example.org"})
    await work.settle()
    link = work.link_in(work.inbox("owen@example.org")[0], "/staff/sign-in/")
    assert (await client.get(link)).status_code == 200
    assert (await client.get("/staff")).status_code == 303
    pressed = await client.post(link)
    assert pressed.status_code == 303
    cookie = pressed.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/staff" in cookie
    assert "Campaigns" in (await client.get("/staff")).text


async def test_a_link_works_once(client: httpx.AsyncClient) -> None:
    from undersigned.staff import members

    link = (await members.invite("owen@example.org")).link.removeprefix("http://test.example.org")
    assert (await client.post(link)).status_code == 303
    client.cookies.clear()
    again = await client.post(link)
    assert again.status_code == 422
    assert "Ask for a new one" in again.text
    assert "session" not in client.cookies


async def test_an_address_that_is_none_is_said_so(client: httpx.AsyncClient) -> None:
    answer = await client.post("/staff/sign-in", data={"email": "owen"})
    assert answer.status_code == 422
    assert "name@example.com" in answer.text


async def test_strangers_are_sent_to_sign_in_from_every_page(client: httpx.AsyncClient) -> None:
    client.cookies.set("session", "made up", domain="test.example.org", path="/staff")
    for path in ("/staff", "/staff/letters", "/staff/letters/1", "/staff/held", "/staff/delivery"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in"), path
    assert (await client.post("/staff/delivery", data={"mode": "stop"})).status_code == 303


async def test_a_form_without_its_token_changes_nothing(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    for data in ({"mode": "stop"}, {"mode": "stop", "form_token": "0" * 32}, {"mode": "stop", "form_token": "é"}):
        answer = await client.post("/staff/delivery", data=data)
        assert answer.status_code == 403
        assert "did not come from a page of yours" in answer.text
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert await db.fetch("SELECT * FROM switch") == []


async def test_the_token_of_another_session_is_worthless(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    old = await token(client)
    client.cookies.clear()
    from undersigned.staff import members

    link = (await members.invite("owen@example.org")).link
    await client.post(link.removeprefix("http://test.example.org"))
    assert (await client.post("/staff/sign-out", data={"form_token": old})).status_code == 403


async def test_another_site_cannot_sign_anybody_in(client: httpx.AsyncClient) -> None:
    from undersigned.staff import members

    link = (await members.invite("owen@example.org")).link.removeprefix("http://test.example.org")
    answer = await client.post(link, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "session" not in client.cookies


async def test_signing_out_ends_the_session(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    session = client.cookies["session"]
    await client.post("/staff/sign-out", data={"form_token": await token(client)})
    client.cookies.set("session", session, domain="test.example.org", path="/staff")
    assert (await client.get("/staff")).status_code == 303


async def test_a_viewer_sees_figures_but_no_letters_and_no_switch(client: httpx.AsyncClient) -> None:
    await sign_in(client, role="viewer")
    letter = await make.letter()
    assert (await client.get("/staff")).status_code == 200
    assert (await client.get(f"/staff/letters/{letter.id}")).status_code == 403
    delivery = (await client.get("/staff/delivery")).text
    assert "Only an owner can change this." in delivery and 'name="mode"' not in delivery
    answer = await client.post("/staff/delivery", data={"mode": "stop", "form_token": await token(client)})
    assert answer.status_code == 403


async def test_whoever_may_not_do_something_stays_at_the_desk_and_reads_who_may(client: httpx.AsyncClient) -> None:
    await sign_in(client, role="viewer")
    refused = await client.get("/staff/letters")
    assert refused.status_code == 403
    assert "does not let you read letters. An owner, an editor or a moderator can." in refused.text
    assert 'aria-label="The desk"' in refused.text and "Signed in as Owen, viewer." in refused.text
    assert "See all campaigns" not in refused.text and ">403<" not in refused.text
    typed = {"mode": "stop", "form_token": await token(client)}
    assert "An owner can." in (await client.post("/staff/delivery", data=typed)).text
    assert "Your role cannot" not in (await client.post("/staff/delivery", data={"mode": "stop"})).text
