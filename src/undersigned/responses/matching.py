"""Which letter a mail answers: by its address, its thread, what it quotes, a slip of the pen, or not at all.

A sender's address proves nothing, since anybody can write it, and so what a placing teaches holds only for the
same subject.
"""

import logging
import re
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import islice

from undersigned.delivery import addresses
from undersigned.kit import database
from undersigned.responses import bodies, guessing, reading
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
MOST_QUOTED = 200_000
MOST_WITHIN = 20
MOST_TAUGHT = 100
SHORTEST_SUBJECT = 8
PREFIXES = re.compile(r"^(?:(?:re|ateb|fw|fwd|aw|sv|automatic reply) ?: ?|\[[^\]]{1,40}\] ?)+", re.IGNORECASE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Match:
    """The letters that a mail answers, and how we know: token, thread, returned, bundle, quoted, near, taught or
    person.

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
    if found := await _quoted(message):
        return Match(found, "quoted")
    guesses = guessing.letters_near(ours)
    if len(guesses) == 1 and (found := await _existing(guesses)):
        log.info("A mistyped address was taken for that of letter %s.", found[0])
        return Match(found, "near")
    if found := await _taught(message):
        return Match(found, "taught")
    return Match(reason=_why(bool(tokens), bool(ours), len(guesses)))


def _addresses_of_ours(message: EmailMessage, envelope_to: list[str]) -> list[str]:
    """Every address at our domain that this mail was sent to, in any header that carries addresses."""
    lines = [*envelope_to, *(line for name in ADDRESSED for line in reading.headers(message, name))]
    return _ours_in(lines)


def _ours_in(lines: list[str]) -> list[str]:
    pattern = re.compile(rf"[\w.+-]{{1,80}}@{re.escape(settings.mail_domain)}(?![\w-]|\.\w)", re.IGNORECASE)
    found = (address.lower() for line in lines for address in pattern.findall(line))
    return list(dict.fromkeys(islice(found, MOST_ADDRESSES)))


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


async def _quoted(message: EmailMessage) -> tuple[int, ...]:
    """The letters whose address or Message-ID stands in the words: an assistant forwards what came elsewhere.

    Only who has had a letter knows its token, so that quoting one proves as much as writing to it.
    """
    lines = [bodies.text_of(message)[:MOST_QUOTED], *_heads_within(message)]
    tokens = {letter_id for one in _ours_in(lines) if (letter_id := addresses.letter_of(one)) is not None}
    ids = [found for line in lines for found in islice(reading.MESSAGE_ID.findall(line), MOST_ADDRESSES)]
    return await _existing(tokens) or await _by_message_id(ids)


def _heads_within(message: EmailMessage) -> list[str]:
    """The headers that name somebody, of mail within this mail."""
    inner = islice((part for part in message.walk() if part is not message and part["From"]), MOST_WITHIN)
    names = ("From", "To", "Reply-To", "Message-ID", "In-Reply-To", "References")
    return [line for part in inner for name in names for line in reading.headers(part, name)]


async def _taught(message: EmailMessage) -> tuple[int, ...]:
    """The one letter to which a person placed this sender's earlier mail of the same subject."""
    _, sender = reading.sender(message)
    about = _subject(reading.header(message, "Subject"))
    if not sender or len(about) < SHORTEST_SUBJECT:
        return ()
    rows = await database.fetch(
        """SELECT letter, subject FROM response
           WHERE lower(from_address) = lower($1) AND from_address <> '' AND matched_by = 'person'
           ORDER BY id DESC LIMIT $2""",
        sender,
        MOST_TAUGHT,
    )
    letters = {row["letter"] for row in rows if _subject(row["subject"]) == about}
    return tuple(letters) if len(letters) == 1 else ()


def _subject(line: str) -> str:
    """What it is about, whoever answered or forwarded it how often."""
    return PREFIXES.sub("", " ".join(line.split())).casefold()


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
    """The letters of these names; else the one whose reply bears one of them, for an office follows itself up.

    A reply to several letters at once says nothing about which of them the next mail is for.
    """
    if not message_ids:
        return ()
    named = message_ids[-MOST_ADDRESSES:]
    rows = await database.fetch("SELECT id FROM letter WHERE message_id = ANY($1) ORDER BY id", named)
    if not rows:
        rows = await database.fetch(
            "SELECT DISTINCT letter AS id FROM response WHERE message_id = ANY($1) LIMIT 2", named
        )
        rows = rows if len(rows) == 1 else []
    return tuple(row["id"] for row in rows)


def _why(token_known: bool, ours: bool, guesses: int) -> str:
    if token_known:
        return "Its address was that of a letter that is no longer here."
    if guesses > 1:
        return "Its address is mistyped, and could be that of more than one letter."
    if ours:
        return "Its address is not that of any letter, and it answers no message of ours."
    return "It was not sent to an address of ours, and answers no message of ours."
