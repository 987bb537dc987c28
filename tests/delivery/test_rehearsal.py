"""No message to a representative leaves before a person has said live, and in a demo never.

Everything that leaves is looked at: every envelope and every header that names a recipient, of every message of
the whole way from a signature to an answer.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses

import httpx
import pytest

import front_door
import make
import work
from mail_server import MailServer
from undersigned.delivery import addresses, switch
from undersigned.delivery.tables import Delivery, Switch
from undersigned.kit import database as db
from undersigned.kit import mail
from undersigned.letters.tables import Letter
from undersigned.responses import arrival
from undersigned.settings import settings

HARRIET = "harriet.vale.mp@example.org"
NAMES_RECIPIENTS = ("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc", "Delivered-To")


def readers_of(message: EmailMessage) -> set[str]:
    """Every address that a message names as one of its readers, in lower case."""
    values = [str(value) for name in NAMES_RECIPIENTS for value in message.get_all(name, [])]
    return {address.lower() for _, address in getaddresses(values)}


def everything_in(server: MailServer) -> list[set[str]]:
    """Whom each message was for that reached the mail server, and whom it was asked about in vain."""
    left = [readers_of(taken.message) | {r.lower() for r in taken.recipients} for taken in server.taken]
    return [*left, {address.lower() for address in server.asked}]


async def whole_way(client: httpx.AsyncClient, server: MailServer) -> None:
    """Sign, confirm, write, send, say yes, deliver, refuse, deliver again, and get an answer."""
    await make.mp()
    campaign = await make.campaign()
    assert (await front_door.sign(client, campaign)).status_code == 303
    await client.post(await link(server, "/confirm/"))
    review = await front_door.write(client, campaign, reply_to="tracked")
    assert (await front_door.press_send(client, campaign, review)).status_code == 303
    page = await link(server, "/letters/")
    assert (await front_door.say_yes(client, page)).status_code == 303
    server.at_data = "450 4.2.1 Later"
    await work.settle()
    server.at_data = "250 Taken"
    await front_door.time_passes()
    await work.settle()
    await arrival.arrive(answer(), HARRIET, [addresses.tracked(1)])
    await work.settle()
    await front_door.time_passes()
    await work.settle()


async def link(server: MailServer, path: str) -> str:
    """The link of the newest mail, wherever mail goes."""
    await work.settle()
    for message in reversed([taken.message for taken in server.taken] + work.inbox("amina@example.org")):
        if message["To"] == "amina@example.org" and path in work.text_of(message):
            return work.link_in(message, path)
    raise AssertionError(f"No link to {path}.")


def answer() -> bytes:
    """What Harriet's office writes back."""
    reply = mail.blank("<reply-1@example.org>")
    reply["From"], reply["To"] = f"Harriet Vale MP <{HARRIET}>", addresses.tracked(1)
    reply["Subject"] = "Re: A light"
    reply.set_content("Dear Ms Rahman,\n\nI have asked the council.\n\nHarriet Vale\n")
    return reply.as_bytes()


async def test_in_rehearsal_the_letter_goes_to_the_operator_and_nothing_to_the_mp(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    assert await switch.mode() == switch.REHEARSAL
    await whole_way(client, server)
    everything = everything_in(server)
    assert len(everything) == 5
    assert not any(HARRIET in readers for readers in everything)
    (letter,) = [taken for taken in server.taken if taken.message["X-Undersigned-Rehearsal"]]
    assert letter.recipients == ["operator@example.org"]
    assert letter.message["To"] == '"Harriet Vale MP (rehearsal)" <operator@example.org>'
    assert letter.message["Subject"].strip().startswith("[Rehearsal] ")
    assert "Nothing has been sent to them" in work.text_of(letter.message)
    assert {row["recipient"] for row in await db.fetch("SELECT recipient FROM delivery")} == {
        "operator@example.org"
    }


async def test_live_sends_exactly_one_message_to_the_mp(client: httpx.AsyncClient, server: MailServer) -> None:
    await switch.turn(switch.LIVE)
    await whole_way(client, server)
    to_harriet = [taken for taken in server.taken if HARRIET in readers_of(taken.message) | set(taken.recipients)]
    assert len(to_harriet) == 1
    assert to_harriet[0].recipients == [HARRIET]
    assert await Delivery.count().where(Delivery.outcome == "accepted") == 1


@pytest.mark.parametrize("live", [False, True])
async def test_in_a_demo_never_whatever_mail_url_and_the_switch_table_say(
    client: httpx.AsyncClient, server: MailServer, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    monkeypatch.setattr(settings, "demo", True)
    if live:
        await Switch(mode=switch.LIVE, switched_at=datetime.now(UTC)).save()
    await whole_way(client, server)
    assert await switch.mode() == switch.REHEARSAL
    assert not any(HARRIET in readers for readers in everything_in(server))
    assert not any(taken.message["X-Undersigned-Rehearsal"] for taken in server.taken)
    kept = work.inbox("operator@example.org")
    assert [readers_of(message) for message in kept] == [{"operator@example.org"}]
    letter = await Letter.whole(1)
    assert letter is not None
    assert letter.state in {"sent", "settled"}


async def test_letters_of_before_the_switch_went_to_the_operator_and_stay_there(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    await whole_way(client, server)
    before = len(server.taken)
    await switch.turn(switch.LIVE)
    await front_door.time_passes()
    await work.settle()
    assert len(server.taken) == before


async def test_a_postponed_rehearsal_that_is_tried_again_live_goes_to_the_mp_once(
    client: httpx.AsyncClient, letter_page: str, server: MailServer
) -> None:
    server.at_rcpt = "450 4.2.1 Later"
    await work.settle()
    assert server.asked == ["operator@example.org"]
    server.at_rcpt = "250 Taken"
    await switch.turn(switch.LIVE)
    await front_door.time_passes()
    await work.settle()
    assert [taken.recipients for taken in server.taken] == [[HARRIET]]


async def test_the_operator_is_the_first_owner_when_no_setting_names_one(
    client: httpx.AsyncClient, letter_page: str, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "operator_email", "")
    await make.staff("viewer@example.org", role="viewer")
    await make.staff("owen@example.org")
    await work.settle()
    assert [taken.recipients for taken in server.taken] == [["owen@example.org"]]


async def test_without_any_owner_a_rehearsal_comes_to_our_own_address(
    client: httpx.AsyncClient, letter_page: str, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "operator_email", "")
    await work.settle()
    assert [taken.recipients for taken in server.taken] == [[mail.our_address()]]


async def test_the_writers_page_says_that_it_is_a_rehearsal(
    client: httpx.AsyncClient, letter_page: str, server: MailServer
) -> None:
    await work.settle()
    page = (await client.get(letter_page)).text
    assert "Rehearsal." in page
    assert "Sent to the people who run this site (rehearsal)" in page


async def test_a_stranger_who_signs_with_the_address_of_an_mp_sends_them_nothing_in_rehearsal(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    await make.mp()
    await front_door.sign(client, await make.campaign(), email=HARRIET.upper())
    await work.settle()
    assert server.taken == []
    assert server.asked == []
    held = await db.fetch_one("SELECT dead_at, last_answer FROM mail")
    assert held is not None
    assert held["dead_at"] is not None
    assert "Held back" in held["last_answer"]


async def test_an_mp_may_sign_once_delivery_is_live(client: httpx.AsyncClient, server: MailServer) -> None:
    await make.mp()
    await switch.turn(switch.LIVE)
    await front_door.sign(client, await make.campaign(), email=HARRIET)
    await work.settle()
    assert [taken.recipients for taken in server.taken] == [[HARRIET]]
