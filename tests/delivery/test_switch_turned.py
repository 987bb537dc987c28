"""The switch turned in the middle: what was meant for an MP stays so, and a rehearsal fails nobody's letter."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

import make
import work
from front_door import time_passes
from mail_server import MailServer
from undersigned.delivery import sending, switch
from undersigned.delivery.tables import Delivery
from undersigned.kit import database as db
from undersigned.kit import mail
from undersigned.letters import writing
from undersigned.letters.tables import Letter
from undersigned.settings import settings

HARRIET = "harriet.vale.mp@example.org"


async def ready(**told: object) -> Letter:
    return await make.letter(**({"state": "ready", "sent_at": None, "due_at": datetime.now(UTC)} | told))


async def state(letter: Letter) -> str:
    row = await db.fetch_one("SELECT state FROM letter WHERE id = $1", letter.id)
    assert row is not None
    return str(row["state"])


@pytest.mark.parametrize("to", [switch.REHEARSAL, switch.STOP])
async def test_what_is_on_its_way_goes_no_further_once_the_switch_is_turned(server: MailServer, to: str) -> None:
    await switch.turn(switch.LIVE)
    letter = await ready()
    delivery = Delivery(
        letter=letter.id, channel="email", mode="live", recipient=HARRIET, started_at=datetime.now(UTC)
    )
    await delivery.save()
    await switch.turn(to)
    with pytest.raises(mail.HeldBack):
        await sending.hand_over_marker([delivery.id], "live")()


async def test_letters_that_were_confirmed_while_live_wait_through_a_rehearsal(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    await switch.turn(switch.LIVE)
    letter = await ready()
    await switch.turn(switch.REHEARSAL)
    rehearsed = await ready(email="tom@example.org")
    await work.settle()
    await sending.deliver(letter.id)
    assert (await state(letter), await state(rehearsed)) == ("ready", "sent")
    assert await switch.waiting_for_live() == 1
    page = (await client.get(writing.url_of(letter.id).removeprefix(settings.base_url))).text
    assert "All letters are stopped at the moment." in page and "still being tried out" not in page
    await switch.turn(switch.LIVE)
    await work.settle()
    assert await state(letter) == "sent"
    assert [taken.recipients for taken in server.taken] == [["operator@example.org"], [HARRIET]]
    assert await switch.waiting_for_live() == 0


async def test_a_bundle_of_such_letters_waits_too(server: MailServer) -> None:
    await switch.turn(switch.LIVE)
    letter = await ready(campaign=await make.campaign(letters_go="daily"))
    await switch.turn(switch.REHEARSAL)
    await work.settle()
    assert await state(letter) == "ready" and server.taken == []


async def test_the_operators_own_mailbox_fails_nobodys_letter(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    server.at_rcpt, server.only_for = "550 5.1.1 No such mailbox", "operator@example.org"
    letter = await ready(confirmed_at=datetime.now(UTC) - timedelta(days=9))
    await work.settle()
    assert await state(letter) == "ready"
    assert [taken for taken in server.taken if "amina@example.org" in taken.recipients] == []
    row = await db.fetch_one("SELECT outcome, answer FROM delivery WHERE letter = $1", letter.id)
    assert row is not None and row["outcome"] == "postponed"
    assert row["answer"].startswith("The operator's own mailbox refused this rehearsal: ")
    server.at_rcpt = "250 OK"
    await time_passes()
    await work.settle()
    assert await state(letter) == "sent"


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [("552 Mailbox full", "ready"), ("552 Message size exceeds limit", "failed"), ("552 5.3.4 Too big", "failed")],
)
async def test_a_bare_552_is_a_full_mailbox_unless_it_speaks_of_size(
    server: MailServer, answer: str, becomes: str
) -> None:
    await switch.turn(switch.LIVE)
    server.at_data, server.only_for = answer, HARRIET
    letter = await ready()
    await work.settle()
    assert await state(letter) == becomes
