"""One mail read, matched, sorted, and filed with its letter; or put into the holding pen.

Everything that a mail causes commits in one transaction, with the letters it concerns locked in the order of
their numbers, so that two copies that arrive together are still one response.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from undersigned.delivery import failing, sending
from undersigned.kit import database, mail, outbox
from undersigned.kit.outbox import Mail, owe
from undersigned.responses import alike, attachments, matching, passing_on, reading, returned, sorting
from undersigned.responses.attachments import File
from undersigned.responses.matching import Match
from undersigned.responses.reading import Reading
from undersigned.responses.sorting import Sorted
from undersigned.responses.tables import HeldMail, InboundMail, Response
from undersigned.settings import settings
from undersigned.supporters import addresses

RETRY_AFTER = timedelta(hours=2)
RETRY_DAYS = 7
SMALL = 64_000
"""Bytes of a mail that is read in the time it takes to hand it to a thread: two milliseconds."""
BY_PERSON = "person"
MACHINES = {sorting.BOUNCE, sorting.DELAYED, sorting.RECEIPT, sorting.OUT_OF_OFFICE, sorting.SPAM}
NOBODY = ("5.1.", "5.2.1")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """A mail taken apart: its row, what a person reads, what kind of thing it is, and what was attached."""

    inbound: InboundMail
    reading: Reading
    sorted: Sorted
    files: list[File]

    @property
    def message_id(self) -> str:
        """What makes it the same mail when it comes twice; the digest when its sender gave it no name."""
        return self.reading.message_id or self.inbound.digest

    @property
    def from_us(self) -> bool:
        """Whether a person at our own domain seems to write; our own mail server may report bounces."""
        domain = self.reading.from_address.lower().rpartition("@")[2]
        ours = {settings.mail_domain.lower(), mail.our_address().lower().rpartition("@")[2]}
        return domain in ours and self.sorted.kind in sorting.HUMAN


async def file(inbound: InboundMail) -> None:
    """File one mail. What is not for a machine to decide is held for a person, with the reason."""
    try:
        opened = await open_up(inbound)
    except reading.Unreadable as trouble:
        await hold(inbound, str(trouble))
        return
    found = await matching.match(opened.reading.message, inbound.envelope_to)
    if opened.from_us:
        await hold(inbound, "It says that it comes from us.")
    elif _is_for_many(opened, found):
        await hold(inbound, found.reason)
    elif found.letter_ids:
        async with database.transaction():
            await record(opened, found)
    elif await _about_a_mail(opened):
        await finish(inbound.id, opened.sorted.kind)
    elif opened.sorted.kind in MACHINES and opened.sorted.is_sure:
        log.info("Mail %s is a machine's, and about no letter: %s", inbound.id, opened.sorted.kind)
        await finish(inbound.id, "ignored")
    else:
        await hold(inbound, found.reason)


async def _about_a_mail(opened: Opened) -> bool:
    """Whether it is a machine's word about e-mail of ours, which is not passed on; a bounce for good is noted."""
    mails = {outbox.mail_behind(address) for address in opened.inbound.envelope_to} - {None}
    if not mails or opened.sorted.kind not in MACHINES:
        return False
    if opened.sorted.kind == sorting.BOUNCE and opened.sorted.status.startswith(NOBODY):
        for mail_id in mails:
            await outbox.came_back(mail_id or 0)
    return True


def _is_for_many(opened: Opened, found: Match) -> bool:
    """Whether a person answered a mail of many letters: what they say to one writer is not for the others."""
    several = found.by == matching.BUNDLE and len(found.letter_ids) > 1
    return several and opened.sorted.kind not in MACHINES


async def open_up(inbound: InboundMail) -> Opened:
    """Read and sort; what is large away from the loop that others work on. Raises Unreadable."""
    if len(inbound.raw) <= SMALL:
        return _open_up(inbound)
    return await asyncio.to_thread(_open_up, inbound)


def _open_up(inbound: InboundMail) -> Opened:
    read = reading.read(inbound.raw)
    kind = sorting.kind_of(read.message, inbound.envelope_from, read.text)
    return Opened(inbound, read, kind, attachments.found_in(read.message) if kind.kind in sorting.HUMAN else [])


async def record(opened: Opened, found: Match) -> None:
    """Write the responses and everything that follows; the same mail again changes nothing.

    Call it in a transaction.
    """
    letters = await _lock(found.letter_ids)
    strangers = [letter for letter in letters if not _from_writer(opened, letter)]
    if letters and not strangers and found.by != BY_PERSON:
        await _hold(opened.inbound.id, "It comes from the person who wrote the letter.")
        return
    in_turn = sorted(strangers or letters, key=lambda one: str(one["representative"]))
    fresh = [await _record_one(opened, found, letter) for letter in in_turn]
    await finish(opened.inbound.id, opened.sorted.kind if any(fresh) else "duplicate")


async def _lock(letter_ids: tuple[int, ...]) -> list[dict[str, Any]]:
    return await database.fetch(
        "SELECT id, state, email, email_key, representative FROM letter WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        list(letter_ids),
    )


def _from_writer(opened: Opened, letter: dict[str, Any]) -> bool:
    sender = opened.reading.from_address
    return bool(sender and letter["email"]) and addresses.key(sender) == addresses.key(letter["email"])


async def _record_one(opened: Opened, found: Match, letter: dict[str, Any]) -> bool:
    """One response, sorted in the light of what the same office wrote before; False when we have it already."""
    text = opened.reading.text
    mark = [] if opened.sorted.kind in alike.SERVERS else alike.mark_of(text, letter["representative"])
    if mark:
        await alike.take_turns(letter["representative"])
    near = await alike.others(text, mark, letter)
    known = alike.in_their_light(opened.sorted, near)
    response_id = await _save(opened, found, letter["id"], known, near[0].id if near else mark)
    if response_id is None:
        return False
    await attachments.keep(opened.files, response=response_id)
    if known.kind == sorting.FORM_REPLY:
        await alike.tell(near, response_id)
    if known.kind in sorting.HUMAN and letter["email"]:
        await owe(passing_on.KIND, response_id, letter["email"])
    if known.kind == sorting.BOUNCE and known.is_sure:
        await bounced(known, letter)
    return True


async def pass_on(response_id: int, letter: dict[str, Any]) -> None:
    """Owe the writer what came back, once: whoever sorts it again does not send it again."""
    owed = await Mail.exists().where(Mail.kind == passing_on.KIND, Mail.about == response_id)
    if letter["email"] and not owed:
        await owe(passing_on.KIND, response_id, letter["email"])


async def _save(opened: Opened, found: Match, letter_id: int, known: Sorted, like: int | list[int]) -> int | None:
    """The row of a response; None when this letter has one of that mail already.

    ``like`` is the first of its kind, or the fingerprint by which others find this one.
    """
    read = opened.reading
    row = await database.fetch_one(
        _SAVE,
        letter_id,
        opened.inbound.id,
        opened.message_id,
        known.kind,
        known.detail,
        known.confidence,
        known.evidence[:200],
        like if isinstance(like, list) else [],
        found.by,
        read.from_name,
        read.from_address,
        read.subject,
        read.text,
        read.quoted,
        opened.inbound.received_at,
        like if isinstance(like, int) else None,
    )
    return row["id"] if row else None


_SAVE = """
    INSERT INTO response (letter, inbound, message_id, kind, detail, confidence, evidence, likeness, matched_by,
        from_name, from_address, subject, text, quoted, received_at, alike_to)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (letter, message_id) DO NOTHING RETURNING id
"""


async def bounced(bounce: Sorted, letter: dict[str, Any]) -> None:
    """A letter that came back: tried again for seven days when that may help, else it has failed.

    A letter that is past all this (settled, failed, scrubbed) is left as it is: bounces can be late.
    """
    if bounce.may_pass and letter["state"] == "sent" and await _worth_another_try(letter["id"]):
        await database.execute(
            "UPDATE letter SET state = 'ready', due_at = $2, leased_until = NULL WHERE id = $1",
            letter["id"],
            datetime.now(UTC) + RETRY_AFTER,
        )
    elif letter["state"] in {"sent", "sending"} and not await _was_answered(letter["id"]):
        await _mark_failing(bounce, letter["id"])
        await sending.fail(letter["id"], _reason(bounce))


async def _was_answered(letter_id: int) -> bool:
    """Whoever has answered has had the letter, whatever a late bounce says."""
    return bool(
        await Response.exists().where(Response.letter == letter_id, Response.kind.is_in(sorted(sorting.HUMAN)))
    )


async def _worth_another_try(letter_id: int) -> bool:
    row = await database.fetch_one(
        """SELECT min(started_at) > now() - make_interval(days => $2) AS young
           FROM delivery WHERE letter = $1""",
        letter_id,
        RETRY_DAYS,
    )
    return bool(row and row["young"])


async def _mark_failing(bounce: Sorted, letter_id: int) -> None:
    """A live letter's address that does not exist (5.1.x) is marked, if it is still the MP's."""
    if not bounce.status.startswith("5.1."):
        return
    row = await database.fetch_one(
        """SELECT l.representative, d.mode, d.recipient FROM letter l JOIN delivery d ON d.letter = l.id
           WHERE l.id = $1 ORDER BY d.id DESC LIMIT 1""",
        letter_id,
    )
    if row:
        await failing.mark(row["representative"], row["mode"], row["recipient"])


def _reason(bounce: Sorted) -> str:
    if bounce.detail == returned.FULL:
        return "The MP's mailbox stayed full for seven days."
    if bounce.status.startswith("5.1."):
        return f"The MP's mail server says that there is no such address ({bounce.status})."
    code = f" ({bounce.status})" if bounce.status else ""
    return f"The MP's mail server sent the letter back{code}."


async def hold(inbound: InboundMail, reason: str) -> None:
    """Put a mail into the holding pen, bytes and all, for a person to place."""
    async with database.transaction():
        await _hold(inbound.id, reason)


async def _hold(inbound_id: int, reason: str) -> None:
    await HeldMail(inbound=inbound_id, reason=reason, created_at=datetime.now(UTC)).save()
    await finish(inbound_id, "held")


async def finish(inbound_id: int, outcome: str) -> None:
    """The mail is dealt with."""
    await database.execute(
        "UPDATE inbound_mail SET sorted_at = now(), outcome = $2 WHERE id = $1", inbound_id, outcome
    )
