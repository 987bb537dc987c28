"""The holding pen: mail that waits for a person to say which letter it answers."""

from dataclasses import dataclass
from datetime import datetime

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.letters.tables import Letter
from undersigned.responses import attachments, filing, reading
from undersigned.responses.attachments import Listed
from undersigned.responses.matching import Match
from undersigned.responses.reading import Reading
from undersigned.responses.tables import HeldMail, InboundMail
from undersigned.staff import audit

MOST_SHOWN = 200


class PlacedAlready(Refused):
    """Somebody was quicker."""


class NotReadable(Refused):
    """There is nothing to file: its bytes are kept, and that is all."""


@dataclass(frozen=True)
class Held:
    """One mail in the pen. ``text``, ``quoted`` and ``files`` are filled in only by :func:`held`.

    Files are kept, and can be saved, once it is known whose letter they answer.
    """

    id: int
    from_name: str
    from_address: str
    subject: str
    reason: str
    received_at: datetime
    text: str = ""
    quoted: str = ""
    files: tuple[Listed, ...] = ()


async def pen() -> list[Held]:
    """What is waiting to be placed, oldest first, at most two hundred."""
    rows = await database.fetch(
        """SELECT h.id, h.reason, m.received_at, substring(m.raw FOR 65536) AS raw
           FROM held_mail h JOIN inbound_mail m ON m.id = h.inbound
           WHERE h.placed_at IS NULL ORDER BY h.id LIMIT $1""",
        MOST_SHOWN,
    )
    return [_headers_only(row["id"], row["reason"], row["received_at"], row["raw"]) for row in rows]


def _headers_only(held_id: int, reason: str, received_at: datetime, raw: bytes) -> Held:
    try:
        message = reading.parse(reading.head(raw))
    except reading.Unreadable:
        return Held(held_id, "", "", "", reason, received_at)
    name, address = reading.sender(message)
    return Held(held_id, name, address, reading.header(message, "Subject"), reason, received_at)


async def held(held_id: int) -> Held:
    """One mail in the pen with its words. Raises Missing."""
    held_mail, inbound = await _find(held_id)
    read = _read(inbound)
    if read is None:
        return Held(held_id, "", "", "", held_mail.reason, inbound.received_at)
    return Held(
        id=held_id,
        from_name=read.from_name,
        from_address=read.from_address,
        subject=read.subject,
        reason=held_mail.reason,
        received_at=inbound.received_at,
        text=read.text,
        quoted=read.quoted,
        files=tuple(
            Listed(number, file.name, file.type, len(file.content))
            for number, file in enumerate(attachments.found_in(read.message))
        ),
    )


def _read(inbound: InboundMail) -> Reading | None:
    try:
        return reading.read(inbound.raw)
    except reading.Unreadable:
        return None


async def place(held_id: int, letter_id: int, staff_id: int | None = None) -> None:
    """File a held mail with a letter, as if its address had said so; it is passed on like any other.

    The audit says who did, in the same transaction.

    Raises Missing for a mail or a letter that is not there, PlacedAlready, or NotReadable.
    """
    _, inbound = await _find(held_id)
    if not await Letter.exists().where(Letter.id == letter_id):
        raise Missing("There is no such letter.")
    try:
        opened = await filing.open_up(inbound)
    except reading.Unreadable as trouble:
        raise NotReadable(f"This mail cannot be placed. {trouble}") from trouble
    async with database.transaction():
        await _claim(held_id, letter_id)
        await filing.record(opened, Match((letter_id,), filing.BY_PERSON))
        await audit.record("mail placed", f"letter {letter_id}", staff_id=staff_id)


async def _claim(held_id: int, letter_id: int) -> None:
    """Mark it placed before anything is written, so that of two people only one places it."""
    claimed = await database.execute(
        "UPDATE held_mail SET placed_at = now(), letter = $2 WHERE id = $1 AND placed_at IS NULL",
        held_id,
        letter_id,
    )
    if not claimed:
        raise PlacedAlready("Somebody has placed this mail already.")


async def _find(held_id: int) -> tuple[HeldMail, InboundMail]:
    held_mail = await HeldMail.objects().where(HeldMail.id == held_id).first()
    if held_mail is None:
        raise Missing("There is no such mail in the holding pen.")
    inbound = await InboundMail.objects().where(InboundMail.id == held_mail.inbound).first()
    assert inbound is not None
    return held_mail, inbound
