"""The desk's table of how handing over goes: by domain, what was answered last, and what has waited longest."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

import make
import work
from mail_server import MailServer
from mail_server import running as mail_server_running
from staff.visits import sign_in
from undersigned.delivery import switch
from undersigned.kit import database as db
from undersigned.kit import outbox
from undersigned.settings import settings


async def lines(client: httpx.AsyncClient, table: str) -> list[list[str]]:
    """The rows of the table with this id on its caption, as one reads them."""
    page = (await client.get("/staff/delivery")).text
    body = page[page.index(f'id="{table}"') :].partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)]
        for line in re.findall(r"<tr>(.*?)</tr>", body)
    ]


@pytest.fixture
async def server(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    """The next mail server; Owen is signed in, and delivery is live."""
    await sign_in(client)
    await switch.turn(switch.LIVE)
    async with mail_server_running() as server:
        monkeypatch.setattr(settings, "mail_url", server.url)
        yield server


async def test_each_domain_of_readers_shows_its_last_answer_and_its_oldest_letter(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    harriet = await make.mp(email="harriet@Parl.example.org")
    idris = await make.mp("E14001063", "Aldershot", display_name="Idris Cole", email="idris@moor.example.org")
    day = datetime.now(UTC) - timedelta(days=1)
    await make.letter(state="ready", sent_at=None, representative=harriet)
    told = {"constituency": "E14001063", "email": "b@example.org", "confirmed_at": day}
    await make.letter(state="ready", sent_at=None, representative=idris, **told)
    server.at_rcpt, server.only_for = "451 4.7.1 <idris@moor.example.org> is greylisted", "idris@moor.example.org"
    await work.settle()
    slow, well = await lines(client, "domains")
    assert slow[:7] == ["moor.example.org", "1", "0", "1", "0", "0", "451 4.7.1"]
    assert slow[7].startswith(str(day.day))
    assert well == ["parl.example.org", "1", "1", "0", "0", "0", "250 2.0.0", "–"]
    assert "greylisted" not in (await client.get("/staff/delivery")).text


async def test_a_domain_that_nobody_was_tried_at_yet_shows_what_waits_for_it(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    await make.letter(state="ready", sent_at=None, representative=await make.mp(email="h@parl.example.org"))
    (line,) = await lines(client, "domains")
    assert line[:2] == ["parl.example.org", "0"]
    assert line[-1] != "–"
    await switch.turn(switch.REHEARSAL)
    (line,) = await lines(client, "domains")
    assert line[0] == settings.operator_email.rpartition("@")[2], "in rehearsal it waits for the operator"


async def test_people_at_a_small_domain_are_not_told_apart(client: httpx.AsyncClient, server: MailServer) -> None:
    for number in range(5):
        await outbox.owe("signed_already", 0, f"{number}@big.example.org")
    for address in ("one@small.example.org", "two@small.example.org", "only@amina.example"):
        await outbox.owe("contact_failing", 0, address)
    await db.execute("UPDATE mail SET last_answer = '451 4.3.0 big@example.org', attempts = 1")
    page = (await client.get("/staff/delivery")).text
    assert "small.example.org" not in page and "amina.example" not in page
    big, others = await lines(client, "mail-domains")
    assert big[:5] == ["big.example.org", "0", "5", "0", "451 4.3.0"]
    assert others[:3] == ["Other domains", "0", "3"]
    assert "(of 5)" in big[5]
