"""Getting one letter out: written down before it is tried, and never tried blindly again.

``sending`` and the Delivery row are committed before the first byte leaves. After a crash the row tells how
far it got: before the message was handed over it is simply tried again; after that it is *unknown* and is
not sent twice.
"""

from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from random import uniform
from typing import Any

from undersigned.delivery import by_email, failing, switch
from undersigned.delivery.tables import Delivery
from undersigned.kit import database, mail
from undersigned.kit.outbox import owe
from undersigned.kit.smtp import BeforeData
from undersigned.letters import states
from undersigned.letters.tables import Letter
from undersigned.representatives import seats

GIVE_UP_AFTER = timedelta(days=7)
LONGEST_WAIT = timedelta(hours=4)
FULL_MAILBOX_WAIT = timedelta(hours=2)
WITHOUT_ANSWER = "The MP's mail server could not be reached for seven days."
REHEARSED = "The operator's own mailbox refused this rehearsal"
STAYED_FULL = "The MP's mailbox was full for seven days."
Attempt = tuple[Letter, Delivery]


async def deliver(letter_id: int) -> None:
    """Make one attempt for a letter that is ready; anything else about it is left as it is."""
    attempt = await _begin(letter_id)
    if attempt is None:
        return
    letter, delivery = attempt
    message = by_email.send(
        letter, delivery.mode, delivery.recipient, hand_over_marker([delivery.id], delivery.mode)
    )
    await conclude([attempt], message)


async def conclude(attempts: list[Attempt], handing_over: Coroutine[Any, Any, mail.Answer]) -> None:
    """Have one message handed over, and write down for each of the letters in it what became of that."""
    try:
        answer = await handing_over
    except mail.Rejected as refusal:
        for letter, delivery in attempts:
            await _rejected(letter, delivery, refusal)
    except mail.Crowded as crowd:
        for letter, delivery in attempts:
            await _put_back(letter, delivery, str(crowd), timedelta(seconds=uniform(5, 15)))  # noqa: S311
    except mail.MailboxFull as full:
        for letter, delivery in attempts:
            await _postponed(letter, delivery, str(full), at_least=FULL_MAILBOX_WAIT)
    except mail.Postponed as delay:
        for letter, delivery in attempts:
            await _postponed(letter, delivery, str(delay))
    except mail.HeldBack as barrier:
        for letter, delivery in attempts:
            await _put_back(letter, delivery, str(barrier))
    except mail.Unclear as doubt:
        for letter, delivery in attempts:
            await unknown(delivery.id, letter.id, f"The line went dead: {doubt}.")
    else:
        for letter, delivery in attempts:
            await _accepted(letter, delivery, answer)


async def _begin(letter_id: int) -> Attempt | None:
    """Re-check that the letter still has its reader, then write down that we are about to try."""
    mode = await switch.mode()
    letter = await Letter.whole(letter_id)
    if letter is None or mode == switch.STOP:
        return None
    if mode != switch.LIVE and await switch.was_live(letter.confirmed_at):
        return None
    reason = await why_not(letter)
    recipient = await by_email.recipient_of(letter, mode)
    async with database.transaction():
        claimed = await database.execute(
            "UPDATE letter SET state = $2, reason = $3 WHERE id = $1 AND state = 'ready' AND channel = $4",
            letter_id,
            "held" if reason else "sending",
            reason,
            letter.channel,
        )
        if claimed and reason:
            await _tell_writer(letter, reason)
        if reason or not claimed:
            return None
        delivery = Delivery(
            letter=letter_id,
            channel=letter.channel,
            mode=mode,
            recipient=recipient,
            started_at=datetime.now(UTC),
        )
        await delivery.save()
    return letter, delivery


async def hold(letter: Letter, reason: str) -> None:
    """Keep a letter that is ready from going, for a ``reason`` of :func:`why_not`, and tell its writer."""
    async with database.transaction():
        held = await database.execute(
            "UPDATE letter SET state = 'held', reason = $2 WHERE id = $1 AND state = 'ready'", letter.id, reason
        )
        if held:
            await _tell_writer(letter, reason)


async def _tell_writer(letter: Letter, reason: str) -> None:
    """At once, unless it is nothing that the writer could do anything about: paper, or an address to be mended."""
    if reason not in {*states.FOR_PAPER, failing.REASON}:
        await database.execute("UPDATE letter SET told_at = now() WHERE id = $1", letter.id)
        await owe("letter_held", letter.id, letter.email)


async def why_not(letter: Letter) -> str:
    """A sentence when the letter cannot be e-mailed to whom it was written, else nothing."""
    if reason := await nobody_to_read(letter):
        return reason
    if letter.representative.contact != "email" or not letter.representative.email:
        return states.BY_POST
    if letter.channel == "post":
        return states.INSTEAD
    if letter.representative.failing_since:
        return failing.REASON
    return ""


async def nobody_to_read(letter: Letter) -> str:
    """A sentence when the letter can no longer go to whom it was written, by any way, else nothing."""
    if letter.campaign.state in {"rejected", "removed"}:
        return "This campaign was taken down, so its letters do not go out."
    seat = await seats.of(letter.constituency)
    if seat.kind == "vacant":
        return "The seat is vacant at the moment."
    if seat.kind == "dissolved":
        return seat.note or "There are no MPs at the moment."
    if seat.membership_id != letter.membership:
        return "Somebody else has been elected since this letter was written."
    if letter.representative.contact == "opted_out":
        return "This MP has asked not to be written to through this site."
    return ""


def hand_over_marker(delivery_ids: list[int], mode: str) -> BeforeData:
    """Marks the last moment at which nothing has left.

    An attempt that was given up meanwhile goes no further, and none does once the switch was turned.
    """

    async def mark() -> None:
        async with database.transaction():
            now = await switch.mode()
            if now != mode:
                stopped = "Somebody has stopped all letters."
                raise mail.HeldBack(stopped if now == switch.STOP else "Somebody has turned the delivery switch.")
            ours = await database.execute(
                "UPDATE delivery SET handed_at = now() WHERE id = ANY($1) AND outcome = ''", delivery_ids
            )
            if ours < len(delivery_ids):
                raise mail.Postponed("This attempt took too long and was given up.")

    return mark


async def _accepted(letter: Letter, delivery: Delivery, answer: mail.Answer) -> None:
    async with database.transaction():
        await _finish(delivery.id, "accepted", answer.code, answer.text)
        await Letter.update({Letter.state: "sent", Letter.sent_at: datetime.now(UTC)}).where(
            Letter.id == letter.id, Letter.state == "sending"
        )


async def _postponed(letter: Letter, delivery: Delivery, answer: str, at_least: timedelta = timedelta(0)) -> None:
    """Try again, later each time; after seven days it has failed and the writer is told."""
    tired = letter.confirmed_at is not None and datetime.now(UTC) - letter.confirmed_at > GIVE_UP_AFTER
    wait = max(at_least, min(timedelta(minutes=2 ** min(letter.attempts, 10)), LONGEST_WAIT))
    wait *= uniform(1, 1.25) if at_least else uniform(0.75, 1.25)  # noqa: S311
    tired = tired and delivery.mode == switch.LIVE
    async with database.transaction():
        await _finish(delivery.id, "postponed", None, answer)
        if tired:
            await fail(letter.id, WITHOUT_ANSWER if not at_least else STAYED_FULL)
        else:
            await make_ready(letter.id, wait, tries=1)


async def _put_back(letter: Letter, delivery: Delivery, why: str, wait: timedelta = timedelta(0)) -> None:
    """Somebody turned the switch, or the domain is crowded with ours: nobody was asked, so no try has failed."""
    async with database.transaction():
        await _finish(delivery.id, "postponed", None, why)
        await make_ready(letter.id, wait, tries=0)


async def make_ready(letter_id: int, wait: timedelta, tries: int) -> None:
    await database.execute(
        """UPDATE letter SET state = 'ready', due_at = now() + $2::interval, leased_until = NULL,
               attempts = attempts + $3 WHERE id = $1 AND state = 'sending'""",
        letter_id,
        wait,
        tries,
    )


async def _rejected(letter: Letter, delivery: Delivery, refusal: mail.Rejected) -> None:
    """A 5xx fails at once, and the address is marked, if it is still the one that failed.

    In rehearsal it is the operator's mailbox that refused: no MP was asked, so the letter waits for another try.
    """
    if delivery.mode != switch.LIVE:
        await _postponed(letter, delivery, f"{REHEARSED}: {refusal}", at_least=FULL_MAILBOX_WAIT)
        return
    async with database.transaction():
        await _finish(delivery.id, "rejected", refusal.code, refusal.text)
        await failing.mark(letter.representative.id, delivery.mode, delivery.recipient)
        await fail(letter.id, "The MP's mail server refused the letter.")


async def fail(letter_id: int, reason: str) -> None:
    """The letter did not arrive: say so to its writer, once, with the PDF. Call it in a transaction."""
    failed = await database.fetch_one(
        """UPDATE letter SET state = 'failed', reason = $2, ended_at = now()
           WHERE id = $1 AND state IN ('ready', 'sending', 'sent', 'held') RETURNING email""",
        letter_id,
        reason,
    )
    if failed:
        await owe("delivery_failed", letter_id, failed["email"])


async def unknown(delivery_id: int, letter_id: int, why: str) -> None:
    async with database.transaction():
        undecided = await database.execute(
            """UPDATE delivery SET outcome = 'unknown', answer = $2, finished_at = now()
               WHERE id = $1 AND outcome = ''""",
            delivery_id,
            why,
        )
        if undecided:
            await Letter.update({Letter.state: "sent", Letter.sent_at: datetime.now(UTC)}).where(
                Letter.id == letter_id, Letter.state == "sending"
            )


async def _finish(delivery_id: int, outcome: str, code: int | None, answer: str) -> None:
    await Delivery.update(
        {
            Delivery.outcome: outcome,
            Delivery.code: code,
            Delivery.answer: answer[:500],
            Delivery.finished_at: datetime.now(UTC),
        }
    ).where(Delivery.id == delivery_id)
