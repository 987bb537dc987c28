"""Delivery reports: what a mail server says became of a letter (RFC 3464, RFC 6533).

flufl.bounce finds who bounced but not why, and calls a full mailbox permanent; the status codes decide what
happens next, so we read them ourselves and leave it the reports that are only prose.
"""

import logging
import re
from dataclasses import dataclass
from email.iterators import body_line_iterator
from email.message import EmailMessage
from email.parser import HeaderParser
from itertools import islice
from typing import Any

from flufl.bounce import all_failures

from undersigned.responses import automatic, bodies, phrases, reading, returned

log = logging.getLogger(__name__)

REPORTS = {"message/delivery-status", "message/global-delivery-status"}
RECEIPTS = {"message/disposition-notification", "message/global-disposition-notification"}
LETTERS = {
    "application/pdf",
    "application/msword",
    "application/rtf",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/jpeg",
    "image/png",
    "image/tiff",
}
"""What an office sends a letter as."""
MOST_BLOCKS = 100
MOST_LINES = 20_000
MOST_PROSE = 6_000
ENOUGH = 4
FULL = "5.2.2"
WORST_FIRST = ("failed", "delayed", "relayed", "expanded", "delivered")
DAEMON = phrases.any_of(
    r"^(?:mailer-daemon|postmaster|mail-?daemon|mdaemon|microsoftexchange\w*|bounces?|ndr|"
    r"mail\.?delivery\.?system|"
    r"mailerdaemon|double-bounce)(?:[@+.-]|$)"
)
DAEMON_NAME = phrases.any_of(
    r"\b(?:mail delivery (?:sub)?system|mailer[- ]daemon|postmaster|system administrator|mail administrator|"
    r"mail system|"
    r"mail router|delivery subsystem|internet mail delivery|microsoft outlook|jetmail system)\b"
)
WAS_READ = phrases.any_of(
    r"\b(?:was|were) (?:read|opened|displayed|deleted without being read) (?:on|at)\b|\bthis is a (?:read|"
    r"return) receipt\b",
    r"\breturn receipt for the mail\b|\breturn receipt\b.{0,80}\b(?:your|document|message)\b|\bdarllenwyd "
    r"(?:eich )?neges",
)
WAS_DELIVERED = phrases.any_of(
    r"\b(?:was|were|has been|have been) (?:successfully )?delivered to the (?:following )?(?:recipient|mailbox|"
    r"destination)",
    r"\bsuccessful(?:ly)? (?:mail )?deliver(?:y|ed)\b|\bdelivery to these recipients? .{0,40}is complete\b",
)


@dataclass(frozen=True)
class Report:
    """One recipient's fate. ``action`` as in RFC 3464 §2.3.3; ``status`` like 5.1.1, or empty.

    ``sort`` is as in :func:`returned.sort_of`, and ``confidence`` a percentage.
    """

    action: str
    status: str
    diagnostic: str = ""
    sort: str = ""
    confidence: int = 99


def report_of(message: EmailMessage) -> Report | None:
    """The worst fate that a machine-readable report tells of; None when this is no such report."""
    prose = bodies.covering_text(message)[:MOST_PROSE] if _parts(message, REPORTS) else ""
    fates = [fate for part in _parts(message, REPORTS) for fate in _fates(part, prose)]
    return min(fates, key=lambda fate: WORST_FIRST.index(fate.action), default=None)


def is_receipt(message: EmailMessage) -> bool:
    """Whether it says that a mail was opened or deleted (RFC 8098): not what anybody wrote."""
    subject = reading.header(message, "Subject")
    told = re.match(r"(?i)(?:not )?read: |(?:return|read) receipt\b|darllenwyd: ", subject)
    words = bodies.covering_text(message)[:1_000] if told else ""
    return bool(_parts(message, RECEIPTS) or (told and WAS_READ.search(" ".join(words.split()))))


def is_complaint(message: EmailMessage) -> bool:
    """Whether somebody pressed "this is junk", and their provider tells us (RFC 5965)."""
    return bool(_parts(message, {"message/feedback-report"}))


def rejection_of(message: EmailMessage) -> Report | None:
    """What Dovecot and Sieve put into the clothes of a receipt: the mailbox did not take the letter."""
    text = bodies.covering_text(message)[:MOST_PROSE] if _parts(message, RECEIPTS) else ""
    if not re.search(r"\b(?:automatically )?(?:rejected|refused)\b", text):
        return None
    return _told("failed", text, 95)


def prose_report_of(message: EmailMessage, envelope_from: str | None = None) -> Report | None:
    """The same from a report that only people were meant to read.

    The sender, the subject and the words must agree: an MP too may write of promises that were not delivered.
    """
    if automatic.in_subject(message):
        return None
    signs = _outward_signs(message, envelope_from)
    if sum(signs.values()) < 1:
        return None
    subject, text = reading.header(message, "Subject"), bodies.covering_text(message)[:MOST_PROSE]
    words = " ".join(text.split())
    signs |= _inward_signs(message, words)
    plain = signs["words"] or signs["header"] or signs["known"] or (signs["sender"] > 1 and signs["subject"])
    if sum(signs.values()) < ENOUGH or not plain:
        return None
    confidence = min(60 + 6 * sum(signs.values()), 95)
    return _told(_action(subject, words), f"{subject}\n{text}", confidence)


def _outward_signs(message: EmailMessage, envelope_from: str | None) -> dict[str, int]:
    """What speaks for a report before one reads it, each sign with its weight."""
    name, address = reading.sender(message)
    subject = reading.header(message, "Subject")
    nobody = automatic.null_path(message, envelope_from) or not address
    personal = bool(re.match(r"(?i)(?:re|ateb|fw|fwd) ?:", subject))
    daemonic = bool(DAEMON.search(address)) or bool(DAEMON_NAME.search(name))
    return {
        "sender": 2 * daemonic + nobody - personal,
        "header": 3 * bool(reading.header(message, "X-Failed-Recipients")),
        "subject": 2 * bool(returned.SUBJECT.search(subject)),
        "report": 2 * (message.get_content_type() == "multipart/report"),
    }


def _inward_signs(message: EmailMessage, words: str) -> dict[str, int]:
    coded = returned.status_in(words) or returned.REPLY_CODE.search(words)
    said = phrases.count(returned.FAILED, words) + phrases.has(returned.STILL_TRYING, words)
    return {
        "words": min(said, 2) + bool(coded),
        "known": 2 * _known_to_flufl(message),
        "returns it": int(_returns_ours(message, words)),
    }


def _action(subject: str, words: str) -> str:
    if returned.DELAYED_SUBJECT.search(subject) or phrases.has(returned.STILL_TRYING, words):
        return "delayed"
    failed = phrases.count(returned.FAILED, words)
    return "delivered" if WAS_DELIVERED.search(words) and not failed else "failed"


def _told(action: str, text: str, confidence: int) -> Report:
    status = FULL if returned.MAILBOX_FULL.search(" ".join(text.split())) else returned.status_in(text)
    return Report(action, status, "", returned.sort_of(action, status, " ".join(text.split())), confidence)


def _returns_ours(message: EmailMessage, words: str) -> bool:
    """Whether it gives the letter back, whole or in part."""
    kinds = {part.get_content_type() for part in bodies.children(message)}
    again = (
        r"(?i)(?:original|your|header|copy of the|returned) (?:message|mail)\b.{0,60}(?:follow|header|below|----)"
    )
    return bool(kinds & {"message/rfc822", "text/rfc822-headers"} or re.search(again, words))


def _known_to_flufl(message: EmailMessage) -> bool:
    """Whether flufl.bounce knows its like. Its detectors stumble over mail without senders."""
    if not _short_enough(message):
        return False
    try:
        found: tuple[Any, Any] = all_failures(message)
    except Exception as bug:
        log.warning("flufl.bounce could not read a mail: %s.", type(bug).__name__)
        return False
    return bool(found[0] or found[1])


def _short_enough(message: EmailMessage) -> bool:
    """flufl.bounce tries some fifty expressions on every line: half a million of them took six seconds."""
    return sum(1 for _ in islice(body_line_iterator(message), MOST_LINES)) < MOST_LINES


def _parts(message: EmailMessage, kinds: set[str]) -> list[EmailMessage]:
    """Parts of the report itself, not of a mail that somebody forwards within another."""
    return [part for part in bodies.children(message) if part.get_content_type() in kinds]


def _fates(part: EmailMessage, prose: str) -> list[Report]:
    return [fate for block in _blocks(part) if (fate := _fate(block, prose))]


def _blocks(part: EmailMessage) -> list[EmailMessage]:
    """The groups of fields: the parser divides one kind of report by itself, the other is divided here."""
    blocks = bodies.children(part)[:MOST_BLOCKS]
    text = "".join(str(block.get_payload()) for block in blocks if not block.is_multipart())
    parser = HeaderParser(policy=reading.FORGIVING)
    more = [parser.parsestr(group.strip()) for group in re.split(r"\r?\n\s*\r?\n", text) if group.strip()]
    return blocks + [block for block in more if isinstance(block, EmailMessage)]


def _fate(block: EmailMessage, prose: str) -> Report | None:
    words = reading.header(block, "Action").lower().split()
    diagnostic = reading.header(block, "Diagnostic-Code")
    status = _status(reading.header(block, "Status"), diagnostic)
    action = words[0].strip(";,.") if words else {"5": "failed", "4": "delayed"}.get(status[:1], "")
    action = {"failure": "failed", "fail": "failed", "error": "failed", "delay": "delayed"}.get(action, action)
    if action not in WORST_FIRST:
        return None
    vague = not status or status.endswith(".0.0")
    told = f"{diagnostic} {prose}" if vague else diagnostic
    sort = returned.sort_of(action, status, " ".join(told.split()))
    return Report(action, status, diagnostic[:300], sort)


def _status(stated: str, words: str) -> str:
    """The more exact of the stated code and one found in the server's words; a full mailbox is 5.2.2."""
    if returned.MAILBOX_FULL.search(words):
        return FULL
    given = returned.STATUS.search(stated)
    told = returned.status_in(words)
    vague = given is None or given.group().endswith(".0.0")
    return told if vague and told else given.group() if given else ""
