"""Which letter a mail answers: by its address, by its thread, by a slip of the pen, or not at all."""

import logging
import re
from dataclasses import dataclass
from email.message import EmailMessage

from undersigned.delivery import addresses
from undersigned.kit import database
from undersigned.responses import guessing, reading
from undersigned.settings import settings

ADDRESSED = (
    "To",
    "Cc",
    "Bcc",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Forwarded-To",
    "Resent-To",
    "Received",
)
MOST_ADDRESSES = 500
BUNDLE = "bundle"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Match:
    """The letters that a mail answers, and how we know: token, thread, returned, bundle, near or person.

    By bundle they are all letters of one mail, and which of them a person means is for a person to say.

    Without a letter, ``reason`` is a sentence for staff.
    """

    letter_ids: tuple[int, ...] = ()
    by: str = ""
    reason: str = ""


async def match(message: EmailMessage, envelope_to: list[str]) -> Match:
    """Find the letters, surest way first; every way ends at rows that exist."""
    ours = _addresses_of_ours(message, envelope_to)
    tokens = {letter_id for address in ours if (letter_id := addresses.letter_of(address)) is not None}
    if found := await _existing(tokens):
        return Match(found, "token")
    if found := await _by_message_id(_thread(message)):
        return Match(found, "thread")
    if found := await _by_message_id(_returned(message)):
        return Match(found, "returned")
    if found := await _of_bundle(ours, [*_thread(message), *_returned(message)]):
        return Match(found, BUNDLE, "It answers a mail that held more letters than one. Whose is it?")
    guesses = guessing.letters_near(ours)
    if len(guesses) == 1 and (found := await _existing(guesses)):
        log.info("A mistyped address was taken for that of letter %s.", found[0])
        return Match(found, "near")
    return Match(reason=_why(bool(tokens), bool(ours), len(guesses)))


def _addresses_of_ours(message: EmailMessage, envelope_to: list[str]) -> list[str]:
    """Every address at our domain that this mail was sent to, in any header that carries addresses."""
    lines = [*envelope_to, *(line for name in ADDRESSED for line in reading.headers(message, name))]
    pattern = re.compile(rf"[\w.+-]{{1,80}}@{re.escape(settings.mail_domain)}(?![\w-]|\.\w)", re.IGNORECASE)
    found = (address.lower() for line in lines for address in pattern.findall(line))
    return list(dict.fromkeys(found))[:MOST_ADDRESSES]


def _thread(message: EmailMessage) -> list[str]:
    lines = reading.headers(message, "In-Reply-To") + reading.headers(message, "References")
    return [message_id for line in lines for message_id in reading.MESSAGE_ID.findall(line)]


def _returned(message: EmailMessage) -> list[str]:
    """The Message-ID of the mail that a delivery report gives back, whole or only its headers."""
    if message.get_content_type() != "multipart/report":
        return []
    return [found for part in list(message.walk())[1:] if (found := _id_within(part))]


def _id_within(part: EmailMessage) -> str:
    if part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
        payload = part.get_payload(decode=True)
        part = reading.parse(payload if isinstance(payload, bytes) else b"")
    return reading.message_id(part)


async def _existing(letter_ids: set[int]) -> tuple[int, ...]:
    if not letter_ids:
        return ()
    rows = await database.fetch("SELECT id FROM letter WHERE id = ANY($1) ORDER BY id", list(letter_ids))
    return tuple(row["id"] for row in rows)


async def _of_bundle(ours: list[str], message_ids: list[str]) -> tuple[int, ...]:
    """The letters that went together in the mail which this one was sent to, or answers."""
    numbers = [number for address in ours if (number := addresses.bundle_of(address)) is not None]
    if not numbers and not message_ids:
        return ()
    rows = await database.fetch(
        """SELECT l.id FROM letter l JOIN bundle b ON b.id = l.bundle AND b.kind = 'mail'
           WHERE b.id = ANY($1) OR b.message_id = ANY($2) ORDER BY l.id""",
        numbers,
        message_ids[-MOST_ADDRESSES:],
    )
    return tuple(row["id"] for row in rows)


async def _by_message_id(message_ids: list[str]) -> tuple[int, ...]:
    if not message_ids:
        return ()
    rows = await database.fetch(
        "SELECT id FROM letter WHERE message_id = ANY($1) ORDER BY id", message_ids[-MOST_ADDRESSES:]
    )
    return tuple(row["id"] for row in rows)


def _why(token_known: bool, ours: bool, guesses: int) -> str:
    if token_known:
        return "Its address was that of a letter that is no longer here."
    if guesses > 1:
        return "Its address is mistyped, and could be that of more than one letter."
    if ours:
        return "Its address is not that of any letter, and it answers no message of ours."
    return "It was not sent to an address of ours, and answers no message of ours."
