"""Getting one letter out when it is live: what the MP's office sees, and what each answer leads to."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Any

import httpx
import pytest

import front_door
import make
import work
from mail_server import MailServer
from staff.visits import sign_in, token
from undersigned.delivery import addresses, by_email, failing, recovering, sending, switch
from undersigned.delivery.tables import Delivery
from undersigned.kit import database as db
from undersigned.kit import mail
from undersigned.letters import sheet
from undersigned.letters.tables import Letter
from undersigned.representatives.tables import Representative
from undersigned.settings import settings

HARRIET = "harriet.vale.mp@example.org"
REFUSED = "The MP's mail server refused the letter."


@pytest.fixture(autouse=True)
def _live(letter_page: str, server: MailServer, live: None) -> None:
    """Delivery is live and goes to the mail server; the letter's own e-mails went to the Maildir before."""


async def letter() -> Letter:
    """The letter as it is now."""
    found = await Letter.whole(1)
    assert found is not None
    return found


async def attempts() -> list[dict[str, Any]]:
    """What was tried, in order."""
    return await db.fetch("SELECT * FROM delivery ORDER BY id")


async def again() -> None:
    """Later."""
    await front_door.time_passes()
    await work.settle()


async def test_a_letter_goes_to_its_mp_once_with_the_words_that_were_reviewed(
    client: httpx.AsyncClient, letter_page: str, server: MailServer
) -> None:
    await work.settle()
    await again()
    (taken,) = server.taken
    assert taken.recipients == [HARRIET]
    assert (await letter()).state == "sent"
    (delivery,) = await attempts()
    told = (delivery["mode"], delivery["recipient"], delivery["outcome"], delivery["code"])
    assert told == ("live", HARRIET, "accepted", 250)
    assert delivery["handed_at"] and delivery["finished_at"]
    written = sheet.of(await letter()).as_text()
    assert work.text_of(taken.message).split() == written.split()
    assert "Sent to Harriet Vale MP" in (await client.get(letter_page)).text


async def test_the_headers_are_those_of_a_personal_letter(server: MailServer) -> None:
    await work.settle()
    (taken,) = server.taken
    message = taken.message
    tracked = addresses.tracked(1)
    assert message["From"] == f"Amina Rahman <{tracked}>"
    assert taken.sender == tracked
    assert len(tracked.rpartition("@")[0]) <= 64
    assert addresses.letter_of(tracked.upper()) == 1
    assert message["To"] == f"Harriet Vale MP <{HARRIET}>"
    assert message["Reply-To"] == "Amina Rahman <amina@example.org>"
    assert message["Message-ID"] == (await letter()).message_id
    assert message["Subject"] == (await letter()).subject
    assert message["Date"].datetime - datetime.now(UTC) < timedelta(minutes=1)
    for forbidden in ("Auto-Submitted", "Precedence", "X-Undersigned-Rehearsal", "Cc", "Bcc"):
        assert message[forbidden] is None
    assert not [name for name in message if name.lower().startswith(("list-", "x-auto"))]
    assert message.get_content_type() == "text/plain"


async def test_the_writer_may_have_answers_come_through_us(client: httpx.AsyncClient, server: MailServer) -> None:
    campaign = await make.campaign()
    settings.mail_url, smtp = f"maildir:{settings.var / 'mail'}", settings.mail_url
    review = await front_door.write(client, campaign, reply_to="tracked", email="owen@example.org")
    await front_door.press_send(client, campaign, review)
    await db.execute("UPDATE letter SET due_at = now() + interval '1 hour' WHERE id = 1")
    link = await front_door.mailed_link("owen@example.org", "/letters/")
    settings.mail_url = smtp
    await front_door.say_yes(client, link)
    await work.settle()
    message = server.taken[-1].message
    assert message["Reply-To"] is None
    assert addresses.letter_of(parseaddr(message["From"])[1]) == 2


async def test_a_name_with_commas_and_accents_is_quoted_as_it_should_be(server: MailServer) -> None:
    await db.execute("UPDATE letter SET name = $1", 'Ámina "Mina" Rahman, Bury <x>')
    await work.settle()
    (taken,) = server.taken
    name, address = parseaddr(str(taken.message["From"]))
    assert (name, address) == ('Ámina "Mina" Rahman, Bury <x>', addresses.tracked(1))


async def test_it_waits_longer_each_time_and_at_most_some_hours(server: MailServer) -> None:
    server.at_rcpt = "450 4.2.1 Later"
    waits = []
    for _ in range(11):
        await again()
        waits.append(((await letter()).due_at - datetime.now(UTC)).total_seconds())
    assert waits[0] < 90
    assert waits[4] > 600
    assert waits[-1] <= 4 * 3600 * 1.25
    assert (await letter()).state == "ready"


async def test_after_seven_days_it_has_failed_and_the_writer_is_told(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.at_rcpt = "450 4.2.1 Later"
    await db.execute("UPDATE letter SET confirmed_at = now() - interval '8 days'")
    await work.settle()
    assert (await letter()).state == "failed"
    server.at_rcpt = "250 Taken"
    await again()
    (told,) = server.taken
    assert told.recipients == ["amina@example.org"]
    assert "seven days" in work.text_of(told.message)


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
async def test_a_final_no_fails_once_and_the_writer_is_told_with_the_paper(
    client: httpx.AsyncClient, letter_page: str, server: MailServer, where: str
) -> None:
    server.only_for = HARRIET
    setattr(server, where, "550 5.1.1 No such mailbox")
    await work.settle()
    setattr(server, where, "250 Taken")
    await again()
    failed = await letter()
    assert (failed.state, failed.reason) == ("failed", "The MP's mail server refused the letter.")
    (delivery,) = await attempts()
    assert (delivery["outcome"], delivery["code"]) == ("rejected", 550)
    assert "No such mailbox" in delivery["answer"]
    (told,) = [taken for taken in server.taken if taken.recipients == ["amina@example.org"]]
    assert "did not arrive" in told.message["Subject"]
    (attached,) = told.message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()[:5]) == ("letter.pdf", b"%PDF-")
    assert "This is the letter:" in work.text_of(told.message)
    assert str((await letter()).subject) and "Dear Ms Vale" in work.text_of(told.message)
    pdf = await client.get(work.link_in(told.message, "/letters/").removesuffix("."))
    assert pdf.content.startswith(b"%PDF-")
    assert "It did not arrive" in (await client.get(letter_page)).text


async def test_the_refused_address_is_marked(server: MailServer) -> None:
    server.at_rcpt = "550 5.1.1 No such mailbox"
    await work.settle()
    harriet = await Representative.objects().first()
    assert harriet is not None and harriet.failing_since is not None


async def test_other_letters_to_a_refused_address_wait_and_staff_are_told_once(server: MailServer) -> None:
    others = [await make.letter(state="ready", sent_at=None, email=f"{n}@example.org") for n in range(2)]
    elsewhere = await make.mp("E14001063", "Aldershot", display_name="Idris Cole", email="idris@example.org")
    await make.letter(state="ready", sent_at=None, representative=elsewhere, constituency="E14001063")
    server.at_rcpt, server.only_for = "550 5.1.1 No such mailbox", HARRIET
    await work.settle()
    rows = await db.fetch("SELECT state, reason FROM letter WHERE id = ANY($1)", [one.id for one in others])
    assert {(row["state"], row["reason"]) for row in rows} <= {("held", failing.REASON), ("failed", REFUSED)}
    assert len(server.asked) - len(set(server.asked)) <= len(rows), "each letter knocks at most once"
    assert "idris@example.org" in [taken.recipients[0] for taken in server.taken]
    (told,) = [taken for taken in server.taken if taken.recipients == ["operator@example.org"]]
    assert told.message["Subject"] == "Mail to Harriet Vale MP comes back"
    assert "/staff/representatives/E14001144" in work.text_of(told.message)
    assert HARRIET not in work.text_of(told.message)


async def test_staff_are_told_when_it_is_our_mail_that_is_refused_and_not_the_address(server: MailServer) -> None:
    server.at_rcpt, server.only_for = f"554 5.7.1 <{HARRIET}>: sender on a list of junk", HARRIET
    await work.settle()
    (told,) = [taken for taken in server.taken if taken.recipients == ["operator@example.org"]]
    said = work.text_of(told.message)
    assert "554 5.7.1 … sender on a list of junk" in said and "SPF, DKIM and DMARC" in said
    assert "Look it up where the" not in said and HARRIET not in said


async def test_letters_that_waited_for_a_good_address_go_there_by_themselves(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    await db.execute("UPDATE representative SET failing_since = now()")
    await work.settle()
    assert await failing.let_go() == 0
    await sign_in(client)
    said = await client.post(
        "/staff/representatives/E14001144",
        data={
            "form_token": await token(client),
            "act": "correct",
            "member": "1",
            "contact": "email",
            "email": "h.vale@example.org",
            "votes": "yes",
            "note": "",
        },
    )
    assert said.status_code == 303
    assert await failing.let_go() == 1
    await work.settle()
    assert [taken.recipients for taken in server.taken if "operator@example.org" not in taken.recipients] == [
        ["h.vale@example.org"]
    ]


async def test_a_changed_address_is_not_marked_for_the_old_ones_failure(server: MailServer) -> None:
    server.at_rcpt, server.silent_at = "550 5.1.1 No such mailbox", "RCPT"
    trying = asyncio.create_task(work.settle())
    await asyncio.wait_for(server.reached.wait(), 10)
    await db.execute("UPDATE representative SET email = 'h.vale@example.org'")
    server.speak.set()
    await trying
    harriet = await Representative.objects().first()
    assert harriet is not None and harriet.failing_since is None
    assert (await letter()).state == "failed"


async def test_a_failing_address_gets_no_more_letters_until_it_changes(server: MailServer) -> None:
    await db.execute("UPDATE representative SET failing_since = now()")
    await work.settle()
    assert server.taken == []
    assert (await letter()).state == "held"


@pytest.mark.parametrize("answer", ["535 5.7.8 Bad credentials", "554 5.7.1 We do not like your address"])
async def test_a_no_to_ourselves_is_not_held_against_the_mp(server: MailServer, answer: str) -> None:
    server.at_mail = answer
    await work.settle()
    assert (await letter()).state == "ready"
    harriet = await Representative.objects().first()
    assert harriet is not None and harriet.failing_since is None
    server.at_mail = "250 Taken"
    await again()
    assert [taken.recipients for taken in server.taken] == [[HARRIET]]


async def test_a_line_that_drops_after_the_message_leaves_it_unknown_and_it_is_never_sent_again(
    client: httpx.AsyncClient, letter_page: str, server: MailServer
) -> None:
    server.hangs_up = "after the message"
    await work.settle()
    server.hangs_up = ""
    await again()
    (delivery,) = await attempts()
    assert delivery["outcome"] == "unknown"
    assert (await letter()).state == "sent"
    assert len(server.taken) == 1
    page = (await client.get(letter_page)).text
    assert "It has probably arrived, so it is not sent twice." in page


async def test_a_server_that_hangs_up_instead_of_saying_goodbye_has_still_taken_it(server: MailServer) -> None:
    server.hangs_up = "instead of goodbye"
    await work.settle()
    assert [delivery["outcome"] for delivery in await attempts()] == ["accepted"]


async def test_a_server_that_is_away_costs_only_time(server: MailServer) -> None:
    await server.stop()
    await work.settle()
    assert [delivery["outcome"] for delivery in await attempts()] == ["postponed"]
    assert (await attempts())[0]["handed_at"] is None
    await server.start()
    await again()
    assert [taken.recipients for taken in server.taken] == [[HARRIET]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE membership SET ended_on = current_date", "vacant"),
        ("UPDATE constituency SET closed_reason = 'Parliament was dissolved.'", "Parliament was dissolved."),
        ("UPDATE representative SET contact = 'opted_out'", "has asked not to be written to"),
        ("UPDATE representative SET contact = 'post', email = ''", "reached by post"),
    ],
)
async def test_a_letter_whose_reader_is_gone_is_held_for_a_person(
    client: httpx.AsyncClient, letter_page: str, server: MailServer, change: str, reason: str
) -> None:
    await db.execute(change)
    await work.settle()
    held = await letter()
    assert (held.state, HARRIET in server.asked) == ("held", False)
    assert reason in held.reason
    assert await Delivery.count() == 0
    step = "Waiting to be printed and posted" if "post" in reason else "Waiting for a person to look at it"
    assert step in (await client.get(letter_page)).text


async def test_a_seat_that_changed_hands_holds_the_letter_even_from_the_new_member(server: MailServer) -> None:
    await db.execute("UPDATE membership SET ended_on = current_date")
    successor = Representative(display_name="Sam Lark", full_title="Sam Lark MP", email="sam.lark.mp@example.org")
    await successor.save()
    await db.execute(
        "INSERT INTO membership (constituency, representative, end_reason) VALUES ($1, $2, '')",
        make.BURY_NORTH,
        successor.id,
    )
    await work.settle()
    assert ((await letter()).state, server.asked) == ("held", ["amina@example.org"])
    assert "Somebody else has been elected" in (await letter()).reason


async def test_a_letter_for_an_mp_without_an_address_waits_for_paper(
    client: httpx.AsyncClient, server: MailServer
) -> None:
    await db.execute("UPDATE letter SET channel = 'post'")
    await work.settle()
    assert ((await letter()).state, server.asked) == ("held", [])


async def test_many_workers_at_once_make_one_attempt(server: MailServer) -> None:
    await asyncio.gather(*(sending.deliver(1) for _ in range(8)))
    assert len(server.taken) == 1
    assert len(await attempts()) == 1


async def test_in_stop_nothing_is_tried(server: MailServer) -> None:
    await switch.turn(switch.STOP)
    await sending.deliver(1)
    assert ((await letter()).state, await attempts(), server.asked) == ("ready", [], [])


async def test_stop_pressed_while_a_letter_is_on_its_way_out_puts_it_back_and_blames_nobody(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = await make.letter(state="ready", sent_at=None)
    await switch.turn(switch.LIVE)
    send = by_email.send

    async def slow(*args: Any) -> Any:
        await switch.turn(switch.STOP)
        return await send(*args)

    monkeypatch.setattr(by_email, "send", slow)
    await work.settle()
    row = await db.fetch_one("SELECT state, attempts FROM letter WHERE id = $1", letter.id)
    assert row == {"state": "ready", "attempts": 0}
    assert await db.fetch("SELECT id FROM representative WHERE failing_since IS NOT NULL") == []


async def test_a_server_that_is_busy_for_a_week_is_given_up_and_the_writer_told(database: None) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=8)
    letter = await make.letter(state="sending", sent_at=None, confirmed_at=long_ago, attempts=60)
    whole = await Letter.whole(letter.id)
    assert whole is not None
    delivery = Delivery(
        letter=letter.id, channel="email", mode="live", recipient="x@example.org", started_at=long_ago
    )
    await delivery.save()
    await sending._postponed(whole, delivery, "450 Later")
    row = await db.fetch_one("SELECT state FROM letter WHERE id = $1", letter.id)
    assert row == {"state": "failed"}
    assert len(await db.fetch("SELECT id FROM mail WHERE kind = 'delivery_failed'")) == 1


async def test_an_attempt_that_was_given_up_hands_nothing_over_any_more(database: None) -> None:
    letter = await make.letter(
        state="sending", sent_at=None, leased_until=datetime.now(UTC) - timedelta(minutes=1)
    )
    delivery = Delivery(
        letter=letter.id, channel="email", mode="live", recipient="x@example.org", started_at=datetime.now(UTC)
    )
    await delivery.save()
    assert await recovering.recover() == 1
    with pytest.raises(mail.Postponed):
        await sending.hand_over_marker([delivery.id], delivery.mode)()
    row = await db.fetch_one("SELECT state FROM letter WHERE id = $1", letter.id)
    assert row == {"state": "ready"}


async def test_a_letter_that_nobody_could_send_in_four_weeks_fails_with_its_reason(database: None) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=29)
    letter = await make.letter(state="held", sent_at=None, confirmed_at=long_ago, reason="The seat is vacant.")
    assert await recovering.give_up_on_held() == 1
    assert await recovering.give_up_on_held() == 0
    row = await db.fetch_one("SELECT state, reason FROM letter WHERE id = $1", letter.id)
    assert row == {"state": "failed", "reason": "The seat is vacant."}


async def test_a_letter_that_nothing_came_back_for_in_eight_days_is_settled_and_says_so(
    client: httpx.AsyncClient, letter_page: str, server: MailServer
) -> None:
    server.hangs_up = "after the message"
    await work.settle()
    assert (await letter()).state == "sent"
    assert await recovering.settle() == 0
    await db.execute("UPDATE letter SET sent_at = now() - interval '9 days'")
    assert [await recovering.settle(), await recovering.settle()] == [1, 0]
    assert "It has arrived, as far as anybody can tell" in (await client.get(letter_page)).text
