"""The demo's inbox, and a reply from the MP that goes the whole way round."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

import make
import work
from undersigned.demo import inbox
from undersigned.kit import database as db
from undersigned.kit import mail
from undersigned.letters.tables import Letter
from undersigned.responses import mailroom as room
from undersigned.settings import settings
from undersigned.staff import signing_in


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "demo", True)


@pytest.fixture
async def mailroom(database: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The real mailroom at a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(settings, "mailroom_host", "127.0.0.1")
    monkeypatch.setattr(settings, "mailroom_port", port)
    stop = asyncio.Event()
    running = asyncio.create_task(room.run(stop))
    await asyncio.sleep(0.1)
    yield
    stop.set()
    await running


async def delivered() -> Letter:
    """A letter that has just gone out, in rehearsal."""
    letter = await make.letter(state="ready", sent_at=None)
    await work.settle()
    return letter


async def name_of_the_newest() -> str:
    return (await inbox.page()).lines[0].name


async def test_outside_a_demo_there_is_no_inbox(client: httpx.AsyncClient) -> None:
    for path in ("/demo/inbox", f"/demo/inbox/{'a' * 32}", f"/demo/inbox/{'a' * 32}/html"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post(f"/demo/inbox/{'a' * 32}/reply")).status_code == 404


@pytest.mark.usefixtures("demo")
async def test_an_empty_inbox_says_so(client: httpx.AsyncClient) -> None:
    page = await client.get("/demo/inbox")
    assert page.status_code == 200
    assert "Nothing has been sent yet" in page.text
    assert '<meta name="robots" content="noindex">' in page.text


@pytest.mark.usefixtures("demo")
async def test_a_message_with_its_links_and_its_html_shut_in(client: httpx.AsyncClient) -> None:
    await make.staff()
    await signing_in.ask("owen@example.org")
    await work.settle()
    page = await client.get("/demo/inbox")
    assert "owen@example.org" in page.text
    name = await name_of_the_newest()
    message = await client.get(f"/demo/inbox/{name}")
    assert '<a href="http://test.example.org/staff/sign-in/' in message.text
    assert "Reply as the MP" not in message.text
    html = await client.get(f"/demo/inbox/{name}/html")
    assert html.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


async def sent_to(*addresses: str) -> None:
    """A message to each of them, in this order."""
    for address in addresses:
        message = mail.blank(f"<{address}>")
        message["From"], message["To"], message["Subject"] = "hello@example.org", address, f"For {address}"
        message.set_content("Hello.")
        await mail.into_maildir(mail.maildir_path(), message, "hello@example.org", address)


@pytest.mark.usefixtures("demo", "database")
async def test_older_messages_have_pages_of_their_own(client: httpx.AsyncClient) -> None:
    await sent_to(*(f"person-{n}@example.org" for n in range(60)))
    first = (await client.get("/demo/inbox")).text
    assert first.count("<h2>") == 50
    assert 'href="/demo/inbox?page=2">Older</a>' in first and "Newer" not in first
    second = (await client.get("/demo/inbox?page=2")).text
    assert second.count("<h2>") == 10
    assert "Newer" in second and "Older" not in second
    assert "There is nothing older." in (await client.get("/demo/inbox?page=3")).text


@pytest.mark.usefixtures("demo", "database")
async def test_messages_are_found_by_an_address(client: httpx.AsyncClient) -> None:
    await sent_to("amina@example.org", "yusuf@example.org", "amina@example.org.uk")
    found = (await client.get("/demo/inbox", params={"q": " AMINA@example.org "})).text
    assert "2 messages to or from" in found and "For yusuf" not in found
    assert "1 message to or from" in (await client.get("/demo/inbox?q=yusuf")).text
    nothing = (await client.get("/demo/inbox", params={"q": "<b>nobody"})).text
    assert "No message is to or from “&lt;b&gt;nobody”" in nothing


@pytest.mark.usefixtures("demo")
async def test_names_that_are_none_lead_nowhere(client: httpx.AsyncClient) -> None:
    (mail.maildir_path() / "new").mkdir(parents=True)
    for name in ("x", "a" * 32, "..%2F..%2Fsecret", "A" * 32):
        assert (await client.get(f"/demo/inbox/{name}")).status_code == 404, name


def test_only_our_own_links_can_be_pressed() -> None:
    text = "See http://test.example.org/confirm/abc. Not http://test.example.org.evil.example/x or <b> https://a.example"
    shown = str(inbox.linked(text))
    assert '<a href="http://test.example.org/confirm/abc">' in shown
    assert shown.count("<a ") == 1 and "<b>" not in shown


KINDS = [("answer", "answer"), ("acknowledgement", "acknowledgement"), ("out_of_office", "out_of_office")]


@pytest.mark.usefixtures("demo", "mailroom")
@pytest.mark.parametrize(("pressed", "sorted_as"), KINDS)
async def test_a_reply_comes_home_to_its_letter(client: httpx.AsyncClient, pressed: str, sorted_as: str) -> None:
    letter = await delivered()
    name = await name_of_the_newest()
    assert "Reply as the MP" in (await client.get(f"/demo/inbox/{name}")).text
    sent = await client.post(f"/demo/inbox/{name}/reply", data={"kind": pressed, "text": ""})
    assert sent.headers["location"] == f"/demo/inbox/{name}?sent={pressed}"
    assert "on its way" in (await client.get(sent.headers["location"])).text
    await work.settle()
    rows = await db.fetch("SELECT letter, kind, from_address, quoted FROM response")
    assert [(row["letter"], row["kind"]) for row in rows] == [(letter.id, sorted_as)]
    assert rows[0]["from_address"] == "harriet.vale.mp@example.org"
    assert "dark there" in rows[0]["quoted"] or pressed == "out_of_office"
    assert work.inbox("amina@example.org")


@pytest.mark.usefixtures("demo", "mailroom")
async def test_their_own_words_are_what_the_writer_reads(client: httpx.AsyncClient) -> None:
    await delivered()
    words = (
        "I have been to the stop myself, and you are right: it is dark. The council will hear from me this week."
    )
    name = await name_of_the_newest()
    await client.post(f"/demo/inbox/{name}/reply", data={"kind": "answer", "text": words})
    await work.settle()
    assert words in " ".join(work.text_of(work.inbox("amina@example.org")[0]).replace(">", "").split())


@pytest.mark.usefixtures("demo", "mailroom")
async def test_a_bounce_fails_the_letter_and_tells_its_writer(client: httpx.AsyncClient) -> None:
    letter = await delivered()
    name = await name_of_the_newest()
    await client.post(f"/demo/inbox/{name}/reply", data={"kind": "bounce"})
    await work.settle()
    assert await db.fetch("SELECT kind FROM response") == [{"kind": "bounce"}]
    after = await Letter.objects().get(Letter.id == letter.id)
    assert after is not None and after.state == "failed"
    assert work.inbox("amina@example.org")


@pytest.mark.usefixtures("demo")
async def test_nothing_but_a_letter_can_be_replied_to(client: httpx.AsyncClient) -> None:
    await make.staff()
    await signing_in.ask("owen@example.org")
    await work.settle()
    name = await name_of_the_newest()
    answer = await client.post(f"/demo/inbox/{name}/reply", data={"kind": "answer"})
    assert answer.status_code == 422


@pytest.mark.usefixtures("demo")
async def test_a_mailroom_that_is_away_is_said_so(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mailroom_host", "127.0.0.1")
    monkeypatch.setattr(settings, "mailroom_port", 9)
    await delivered()
    answer = await client.post(f"/demo/inbox/{await name_of_the_newest()}/reply", data={"kind": "answer"})
    assert answer.status_code == 503 and "mailroom" in answer.text
