"""One mail a day: everybody's letter in it, once, and answers that find the one they are for."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader

import make
import work
from delivery.in_line import passes, waiting
from mail_server import MailServer
from undersigned.campaigns.tables import Campaign
from undersigned.delivery import addresses, bundles, pacing, recovering, switch
from undersigned.kit import database as db
from undersigned.letters import states
from undersigned.letters.tables import Letter
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("live")
HARRIET = "harriet.vale.mp@example.org"


@pytest.fixture
async def campaign(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A campaign that sends one mail a day."""
    monkeypatch.setattr(settings, "letters_an_hour", 30)
    monkeypatch.setattr(settings, "office_hours", "always")
    monkeypatch.setattr(bundles, "SPREAD", timedelta(0))
    return await make.campaign(slug="light", title="A light", letters_go="daily")


async def made_up() -> list[dict[str, Any]]:
    await bundles.make_up()
    await work.settle()
    return await db.fetch("SELECT * FROM bundle ORDER BY id")


async def become() -> set[str]:
    return {row["state"] for row in await db.fetch("SELECT state FROM letter")}


async def outcomes() -> list[str]:
    return [row["outcome"] for row in await db.fetch("SELECT outcome FROM delivery ORDER BY id")]


async def test_all_letters_of_a_day_go_in_one_mail_with_a_summary_and_a_pdf(
    campaign: Campaign, server: MailServer
) -> None:
    await waiting(campaign, 3)
    await db.execute("UPDATE letter SET reply_to = 'tracked' WHERE id = 2")
    await work.settle()
    assert server.taken == [], "None goes alone."
    (bundle,) = await made_up()
    (taken,) = server.taken
    assert (taken.recipients, taken.message["Message-ID"]) == ([HARRIET], bundle["message_id"])
    assert taken.sender == addresses.tracked_bundle(bundle["id"])
    assert taken.message["Subject"] == "3 letters from your constituents: A light"
    assert taken.message["From"] == f"Undersigned <{taken.sender}>"
    for forbidden in ("Auto-Submitted", "Precedence", "X-Undersigned-Rehearsal", "Cc", "Bcc"):
        assert taken.message[forbidden] is None
    text = work.text_of(taken.message).replace("\r\n", "\n")
    assert "Dear Ms Vale," in text and "3 people in Bury North have written to you" in text
    assert "1. Amina Rahman\n   12 Clough Bank, Bury, BL9 0SW" in text
    assert "Answer to: amina@example.org" in text
    assert f"Answer to: {addresses.tracked(2)}" in text and "w2@example.org" not in text
    (attached,) = taken.message.iter_attachments()
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(attached.get_content())).pages]
    assert len(pages) == 4 and "3 letters to Harriet Vale MP" in " ".join(pages[0].split())
    assert await become() == {"sent"} and await outcomes() == ["accepted"] * 3
    assert bundle["ended_at"] is not None


async def test_what_comes_later_goes_the_next_day_and_never_twice_in_one(
    campaign: Campaign, server: MailServer
) -> None:
    await waiting(campaign, 2)
    await made_up()
    (late,) = await waiting(campaign, 1, email="nell@example.org")
    assert len(await made_up()) == 1 and len(server.taken) == 1
    letter = await Letter.whole(late)
    assert letter is not None
    moment = await pacing.expected(letter)
    assert moment is not None and timedelta(0) < moment - datetime.now(moment.tzinfo) <= timedelta(days=1)
    await db.execute("UPDATE bundle SET day = day - 1")
    assert len(await made_up()) == 2 and len(server.taken) == 2
    assert "A letter from your constituents" in server.taken[1].message["Subject"]


async def test_put_off_it_is_tried_again_whole_under_the_same_name(campaign: Campaign, server: MailServer) -> None:
    server.at_rcpt = "450 4.2.1 Later"
    await waiting(campaign, 2)
    (bundle,) = await made_up()
    assert (bundle["ended_at"], await become(), await outcomes()) == (None, {"ready"}, ["postponed"] * 2)
    await work.settle()
    assert await outcomes() == ["postponed"] * 2, "Not before its time."
    server.at_rcpt = "250 Taken"
    await passes(timedelta(hours=1))
    await db.execute("UPDATE bundle SET due_at = now()")
    await work.settle()
    (taken,) = server.taken
    assert taken.message["Message-ID"] == bundle["message_id"]
    assert await outcomes() == ["postponed", "postponed", "accepted", "accepted"]


async def test_refused_for_good_every_writer_is_told(campaign: Campaign, server: MailServer) -> None:
    server.only_for, server.at_rcpt = HARRIET, "550 5.1.1 No such mailbox"
    await waiting(campaign, 2)
    await made_up()
    assert await become() == {"failed"}
    told = await db.fetch("SELECT recipient FROM mail WHERE kind = 'delivery_failed' ORDER BY recipient")
    assert [row["recipient"] for row in told] == ["amina@example.org", "w2@example.org"]


async def test_a_line_that_drops_after_the_message_leaves_all_unknown_and_nothing_is_sent_again(
    campaign: Campaign, server: MailServer
) -> None:
    server.hangs_up = "after the message"
    await waiting(campaign, 2)
    await made_up()
    server.hangs_up = ""
    await db.execute("UPDATE bundle SET day = day - 1")
    (bundle,) = await made_up()
    assert (await become(), await outcomes()) == ({"sent"}, ["unknown"] * 2)
    assert bundle["ended_at"] is not None and len(server.taken) == 1


@pytest.mark.parametrize(("handed", "outcome", "mails"), [(False, "postponed", 1), (True, "unknown", 0)])
async def test_a_worker_that_died_in_the_middle_leaves_what_a_single_letter_would(
    campaign: Campaign, server: MailServer, handed: bool, outcome: str, mails: int
) -> None:
    ids = await waiting(campaign, 2)
    await bundles.make_up()
    await db.execute("UPDATE letter SET state = 'sending', leased_until = now() - interval '1 second'")
    await db.execute(
        """INSERT INTO delivery (letter, channel, mode, recipient, started_at, handed_at, outcome, answer)
           SELECT unnest($1::bigint[]), 'bundle', 'live', $2, now(), CASE WHEN $3 THEN now() END, '', ''""",
        ids,
        HARRIET,
        handed,
    )
    await bundles.deliver(1)
    assert server.taken == [], "What became of it is found out first."
    assert await recovering.recover() == 2
    await work.settle()
    assert len(server.taken) == mails
    assert (await outcomes())[:2] == [outcome] * 2
    assert await become() == {"sent"}


async def test_a_letter_that_has_lost_its_reader_is_held_and_the_others_go(
    campaign: Campaign, server: MailServer
) -> None:
    ids = await waiting(campaign, 3)
    await db.execute("UPDATE letter SET membership = (SELECT max(id) FROM membership) WHERE id = $1", ids[0])
    await bundles.make_up()
    other = await make.mp("E14001459", "Salford", display_name="Sam Lark")
    await db.execute(
        "UPDATE letter SET membership = (SELECT id FROM membership WHERE representative = $2) WHERE id = $1",
        ids[0],
        other.id,
    )
    await work.settle()
    taken, told = server.taken
    assert taken.message["Subject"].startswith("2 letters")
    assert told.message["Subject"] == "Your letter to Harriet Vale MP has not gone yet"
    held = await Letter.whole(ids[0])
    assert held is not None and held.state == "held" and "Somebody else has been elected" in held.reason


async def test_a_reader_without_an_address_gets_paper_and_a_stop_holds_everything_back(
    campaign: Campaign, server: MailServer
) -> None:
    await waiting(campaign, 2)
    await switch.turn(switch.STOP)
    assert await made_up() == []
    await switch.turn(switch.LIVE)
    await db.execute("UPDATE representative SET contact = 'post', email = ''")
    (bundle,) = await made_up()
    assert bundle["ended_at"] is not None and server.taken == []
    assert {row["reason"] for row in await db.fetch("SELECT reason FROM letter")} == {states.BY_POST}


async def test_in_rehearsal_the_operator_sees_it_at_any_hour(
    campaign: Campaign, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "office_hours", "Mon-Fri 08:00-18:00")
    await switch.turn(switch.REHEARSAL)
    await waiting(campaign, 2)
    await switch.turn(switch.LIVE)
    with time_machine.travel(datetime.fromisoformat("2026-11-28T12:00:00+00:00")):
        assert await made_up() == [], "It is Saturday."
        await switch.turn(switch.REHEARSAL)
        await bundles.make_up()
        await db.execute("UPDATE bundle SET due_at = now()")
        await work.settle()
    (taken,) = server.taken
    assert taken.recipients == ["operator@example.org"]
    assert taken.message["Subject"].startswith("[Rehearsal] 2 letters")
    assert work.text_of(taken.message).startswith("REHEARSAL.")
