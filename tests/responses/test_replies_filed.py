"""From the door to the letter's page: what is stored, what is owed, what is held."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

import make
import work
from responses import vendor_mails as mails
from undersigned.delivery import addresses
from undersigned.delivery.tables import Delivery
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.kit.errors import Missing
from undersigned.kit.outbox import Mail
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting
from undersigned.representatives.tables import Representative
from undersigned.responses import arrival, filing, jobs, passing_on, placing, received
from undersigned.responses.tables import HeldMail, InboundMail, Response
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("database")
OFFICE = "harriet.vale.mp@example.org"


async def lend(inbound_id: int) -> str:
    """What the relay does: a lease on one row."""
    lease = str(uuid4())
    await db.execute(
        "UPDATE inbound_mail SET lease = $2, leased_until = now() + interval '1 minute' WHERE id = $1",
        inbound_id,
        lease,
    )
    return lease


async def sort(inbound_id: int) -> InboundMail:
    """Sort one mail as the worker does, and give the row as it is then."""
    await jobs.sort_mail.fn.__wrapped__(inbound_id, await lend(inbound_id))
    inbound = await InboundMail.objects().where(InboundMail.id == inbound_id).first()
    assert inbound is not None
    return inbound


async def bring(raw: bytes, to: str, sender: str = OFFICE) -> InboundMail:
    """A mail comes in and is sorted."""
    inbound_id = await arrival.arrive(raw, sender, [to])
    assert inbound_id is not None
    return await sort(inbound_id)


async def state_of(letter: Letter) -> Letter:
    """The letter as it is now."""
    found = await Letter.objects().where(Letter.id == letter.id).first()
    assert found is not None
    return found


async def owed(kind: str) -> list[Mail]:
    """What the outbox owes of a kind."""
    rows: list[Mail] = await Mail.objects().where(Mail.kind == kind).order_by(Mail.id)
    return rows


async def tried(letter: Letter, days_ago: int = 0, mode: str = "live") -> None:
    """A delivery of the letter that was accepted."""
    await Delivery(
        letter=letter.id,
        channel="email",
        mode=mode,
        recipient=OFFICE,
        started_at=datetime.now(UTC) - timedelta(days=days_ago),
        outcome="accepted",
    ).save()


async def test_the_same_mail_twice_is_one_row() -> None:
    raw = mails.mail("letter-x@letters.example.org")
    first = await arrival.arrive(raw, OFFICE, ["b@letters.example.org", "a@letters.example.org"])
    assert first is not None
    again = await arrival.arrive(raw, OFFICE, ["a@letters.example.org", "b@letters.example.org"])
    assert again is None
    assert await InboundMail.count() == 1


async def test_an_answer_is_kept_and_owed_to_the_writer() -> None:
    letter = await make.letter(email="amina@example.org")
    to = addresses.tracked(letter.id)
    inbound = await bring(mails.mail(to), to)
    response = await Response.objects().first()
    assert response is not None
    assert (inbound.outcome, inbound.attempts) == ("answer", 1)
    assert (response.letter, response.kind, response.matched_by) == (letter.id, "answer", "token")
    assert response.text == mails.ANSWER
    assert [(m.about, m.recipient) for m in await owed("reply")] == [(response.id, "amina@example.org")]


async def test_the_same_message_id_counts_once_however_it_comes() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    await bring(mails.mail(to), to)
    again = await bring(mails.mail(to, headers="Received: by another way\n"), to)
    assert again.outcome == "duplicate"
    assert (await Response.count(), len(await owed("reply"))) == (1, 1)


async def test_two_copies_sorted_at_once_are_one_response() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    copies = [await arrival.arrive(mails.mail(to, headers=f"X-Way: {n}\n"), OFFICE, [to]) for n in range(4)]
    await asyncio.gather(*(sort(copy) for copy in copies if copy))
    assert (await Response.count(), len(await owed("reply"))) == (1, 1)


async def test_a_mail_without_message_id_is_known_by_its_bytes() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    inbound = await bring(mails.mail(to, message_id=None), to)
    response = await Response.objects().first()
    assert response is not None and response.message_id == inbound.digest


async def test_one_mail_answers_several_letters_and_goes_to_each_writer() -> None:
    letters = [await make.letter(email=f"{name}@example.org") for name in ("amina", "bilal")]
    to = ", ".join(addresses.tracked(letter.id) for letter in letters)
    await bring(mails.mail(to), addresses.tracked(letters[0].id))
    assert {mail.recipient for mail in await owed("reply")} == {"amina@example.org", "bilal@example.org"}


async def test_an_absence_and_an_acknowledgement_are_passed_on_too() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    await bring(mails.acknowledgement(to).replace(b"reply-1", b"reply-2"), to, sender="")
    await bring(mails.out_of_office_styles(to)["outlook"], to, sender="")
    assert await received.counts((await state_of(letter)).campaign) == {
        "acknowledgement": 1,
        "out_of_office": 1,
    }
    assert len(await owed("reply")) == 2


async def test_a_bounce_fails_the_letter_and_tells_its_writer() -> None:
    letter = await make.letter(state="sent")
    await tried(letter)
    to = addresses.tracked(letter.id)
    await bring(mails.exchange_bounce(to), to, sender="")
    now = await state_of(letter)
    assert (now.state, now.ended_at is not None) == ("failed", True)
    assert "5.1.10" in now.reason
    assert [mail.about for mail in await owed("delivery_failed")] == [letter.id]
    assert await owed("reply") == []
    mp = await Representative.objects().where(Representative.id == letter.representative).first()
    assert mp is not None and mp.failing_since is not None


async def test_the_bounce_of_a_rehearsal_marks_no_mp() -> None:
    letter = await make.letter(state="sent")
    await tried(letter, mode="rehearsal")
    to = addresses.tracked(letter.id)
    await bring(mails.exchange_bounce(to), to, sender="")
    mp = await Representative.objects().where(Representative.id == letter.representative).first()
    assert mp is not None and mp.failing_since is None


async def test_a_full_mailbox_is_tried_again_for_seven_days() -> None:
    young, old = await make.letter(state="sent"), await make.letter(state="sent")
    await tried(young, days_ago=3)
    await tried(old, days_ago=8)
    for letter in (young, old):
        to = addresses.tracked(letter.id)
        await bring(mails.postfix_bounce(to, status="5.2.2"), to, sender="")
    again, failed = await state_of(young), await state_of(old)
    assert again.state == "ready"
    assert again.due_at is not None and again.due_at > datetime.now(UTC) + timedelta(minutes=110)
    assert (failed.state, failed.reason) == ("failed", "The MP's mailbox stayed full for seven days.")


async def test_a_delayed_notice_changes_nothing() -> None:
    letter = await make.letter(state="sent")
    to = addresses.tracked(letter.id)
    await bring(mails.postfix_bounce(to, status="4.4.1", action="delayed"), to, sender="")
    assert (await state_of(letter)).state == "sent"
    assert await Mail.count() == 0
    assert [row.kind_words for row in await received.of_letter(letter.id)] == ["Delayed, still being tried"]


@pytest.mark.parametrize("state", ["scrubbed", "failed", "settled"])
async def test_a_late_bounce_disturbs_nothing(state: str) -> None:
    letter = await make.letter(state=state, email="" if state == "scrubbed" else "amina@example.org")
    to = addresses.tracked(letter.id)
    inbound = await bring(mails.exchange_bounce(to), to, sender="")
    assert inbound.outcome == "bounce"
    assert (await state_of(letter)).state == state
    assert await Mail.count() == 0


async def test_a_bounce_about_no_letter_is_ignored_not_held() -> None:
    inbound = await bring(mails.gmail_bounce("hello@letters.example.org"), "hello@letters.example.org", "")
    assert (inbound.outcome, await HeldMail.count()) == ("ignored", 0)


async def test_what_matches_nothing_is_held_with_its_reason() -> None:
    inbound = await bring(mails.mail("letter-zzz@letters.example.org"), "letter-zzz@letters.example.org")
    (held,) = await placing.pen()
    assert inbound.outcome == "held"
    assert (held.from_address, held.subject) == (OFFICE, "Re: Reporting centres")
    assert held.reason.startswith("Its address is not that of any letter")
    assert (await placing.held(held.id)).text == mails.ANSWER


async def test_mail_that_claims_to_be_ours_makes_no_loop() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    inbound = await bring(mails.mail(to, sender=f"Undersigned <{to}>"), to)
    assert (inbound.outcome, await Mail.count()) == ("held", 0)


async def test_what_the_writer_sends_themselves_is_not_an_answer() -> None:
    letter = await make.letter(email="amina@example.org")
    to = addresses.tracked(letter.id)
    inbound = await bring(mails.mail(to, sender="Amina <Amina+mp@example.org>"), to)
    assert (inbound.outcome, await Response.count()) == ("held", 0)


async def test_a_person_places_held_mail_and_it_is_passed_on() -> None:
    letter = await make.letter()
    await bring(mails.mail("letter-zzz@letters.example.org"), "letter-zzz@letters.example.org")
    (held,) = await placing.pen()
    await placing.place(held.id, letter.id)
    response = await Response.objects().first()
    assert response is not None and (response.letter, response.matched_by) == (letter.id, "person")
    assert (await placing.pen(), len(await owed("reply"))) == ([], 1)
    with pytest.raises(placing.PlacedAlready):
        await placing.place(held.id, letter.id)
    with pytest.raises(Missing):
        await placing.place(held.id + 1, letter.id)
    assert (await Response.count(), len(await owed("reply"))) == (1, 1)


async def test_what_cannot_be_taken_apart_is_held_with_its_bytes() -> None:
    bomb = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(500)).encode()
    inbound = await bring(bomb, "letter-zzz@letters.example.org")
    (held,) = await placing.pen()
    assert (inbound.outcome, inbound.raw) == ("held", bomb)
    with pytest.raises(placing.NotReadable):
        await placing.place(held.id, (await make.letter()).id)


async def test_a_bug_is_tried_five_times_and_then_held(monkeypatch: pytest.MonkeyPatch) -> None:
    async def bug(_: InboundMail) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(filing, "file", bug)
    inbound_id = await arrival.arrive(mails.mail("x@letters.example.org"), OFFICE, ["x@letters.example.org"])
    assert inbound_id is not None
    outcomes = [(await sort(inbound_id)).outcome for _ in range(5)]
    assert outcomes == ["", "", "", "", "held"]
    (held,) = await placing.pen()
    assert "ZeroDivisionError" in held.reason


async def lend_all() -> str:
    """What the relay does when several came at once: one lease on all of them."""
    lease = str(uuid4())
    await db.execute("UPDATE inbound_mail SET lease = $1, leased_until = now() + interval '1 minute'", lease)
    return lease


async def arrived(number: int, text: str = "Dear Ms Rahman") -> int:
    """One of several mails to nobody."""
    to = f"letter-{number}@letters.example.org"
    inbound_id = await arrival.arrive(mails.mail(to, text, message_id=f"<{number}@example.org>"), OFFICE, [to])
    assert inbound_id is not None
    return inbound_id


async def test_what_was_lent_together_is_sorted_by_whoever_comes_first_each_once() -> None:
    first, *_ = [await arrived(number) for number in range(45)]
    lease = await lend_all()
    await asyncio.gather(*(jobs.sort_mail.fn.__wrapped__(first, lease) for _ in range(3)))
    rows = await InboundMail.objects()
    assert {(row.outcome, row.attempts) for row in rows} == {("held", 1)}
    assert await HeldMail.count() == 45


async def test_a_mail_that_kills_a_worker_takes_no_other_with_it_into_the_pen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, killer, _ = [await arrived(number) for number in range(3)]
    file, seen = filing.file, []

    async def die(inbound: InboundMail) -> None:
        seen.append(inbound.id)
        if inbound.id == killer:
            raise asyncio.CancelledError
        await file(inbound)

    monkeypatch.setattr(filing, "file", die)
    for _ in range(7):
        with contextlib.suppress(asyncio.CancelledError):
            await jobs.sort_mail.fn.__wrapped__(killer, await lend_all())
    held = {row.inbound: row.reason for row in await HeldMail.objects()}
    assert seen.count(killer) == 5
    assert held.pop(killer) == "Reading it stopped us five times."
    assert len(held) == 2 and not any("stopped" in reason for reason in held.values())


async def test_mail_that_killed_the_worker_five_times_is_held() -> None:
    inbound_id = await arrival.arrive(mails.mail("x@letters.example.org"), OFFICE, ["x@letters.example.org"])
    assert inbound_id is not None
    await db.execute("UPDATE inbound_mail SET attempts = 5")
    assert (await sort(inbound_id)).outcome == "held"


async def test_a_job_told_twice_sorts_once() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    inbound_id = await arrival.arrive(mails.mail(to), OFFICE, [to])
    assert inbound_id is not None
    lease = await lend(inbound_id)
    await asyncio.gather(*(jobs.sort_mail.fn.__wrapped__(inbound_id, lease) for _ in range(3)))
    assert (await Response.count(), len(await owed("reply"))) == (1, 1)


async def test_a_reply_is_passed_on_under_our_name_with_the_office_to_answer_to() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    await bring(mails.mail(to, sender='"Vale, Harriet" <harriet.vale.mp@example.org>'), to)
    (reply,) = await owed("reply")
    composed = await passing_on.write_reply(reply.about)
    assert composed is not None
    assert composed.sender == '"Vale, Harriet via Undersigned" <hello@letters.example.org>'
    assert composed.headers["Reply-To"] == OFFICE
    assert composed.headers["Auto-Submitted"] == "auto-generated"
    assert composed.context["text"] == mails.ANSWER
    assert composed.context["kind_words"] == "A reply"
    assert composed.context["letter_url"] == f"{settings.base_url}/letters/{tokens.issue('letter', letter.id)}"


async def test_a_reply_reaches_the_writer_as_an_e_mail_of_ours() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    await arrival.arrive(mails.mail(to), OFFICE, [to])
    await work.settle()
    (message,) = work.inbox("amina@example.org")
    assert message["From"] == "Harriet Vale MP via Undersigned <hello@letters.example.org>"
    assert (message["Reply-To"], message["Auto-Submitted"]) == (OFFICE, "auto-generated")
    assert message["Subject"] == "A reply from Harriet Vale MP"
    assert "I have raised it with the\nMinister" in work.text_of(message)
    assert work.link_in(message, "/letters/")


async def test_a_reply_whose_words_were_deleted_meanwhile_is_not_passed_on() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    await bring(mails.mail(to), to)
    (reply,) = await owed("reply")
    await db.execute("UPDATE letter SET sent_at = now() - interval '29 days'")
    await forgetting.scrub_letters()
    assert await passing_on.write_reply(reply.about) is None


async def test_the_letters_page_sees_what_came_back_in_order() -> None:
    letter = await make.letter()
    to = addresses.tracked(letter.id)
    shapes: list[Any] = [mails.acknowledgement(to).replace(b"reply-1", b"reply-0"), mails.mail(to)]
    for raw in shapes:
        await bring(raw, to)
    rows = await received.of_letter(letter.id)
    assert [row.kind_words for row in rows] == ["An acknowledgement", "A reply"]
    assert rows[0].quoted == mails.DISCLAIMER
    assert rows[1].from_name == "Harriet Vale MP"
