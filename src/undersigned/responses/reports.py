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

from undersigned.responses import bodies, phrases, reading

log = logging.getLogger(__name__)

REPORTS = {"message/delivery-status", "message/global-delivery-status"}
RECEIPTS = {"message/disposition-notification", "message/global-disposition-notification"}
MOST_BLOCKS = 100
MOST_LINES = 20_000
FULL = "5.2.2"
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
WORST_FIRST = ("failed", "delayed", "relayed", "expanded", "delivered")


@dataclass(frozen=True)
class Report:
    """One recipient's fate. ``action`` as in RFC 3464 §2.3.3; ``status`` like 5.1.1, or empty."""

    action: str
    status: str
    diagnostic: str = ""


def report_of(message: EmailMessage) -> Report | None:
    """The worst fate that a machine-readable report tells of; None when this is no such report."""
    fates = [fate for part in _parts(message, REPORTS) for fate in _fates(part)]
    return min(fates, key=lambda fate: WORST_FIRST.index(fate.action), default=None)


def is_receipt(message: EmailMessage) -> bool:
    """Whether it says that a mail was opened or deleted (RFC 8098): not what anybody wrote."""
    return bool(_parts(message, RECEIPTS))


def prose_report_of(message: EmailMessage) -> Report | None:
    """The same from a report that only people were meant to read; ask only about mail from a daemon."""
    temporary, permanent = _failures(message) if _short_enough(message) else (set(), set())
    text = bodies.text_of(message)[:20_000]
    subject = reading.header(message, "Subject")
    if not (temporary or permanent or phrases.RETURNED_SUBJECT.search(subject)):
        return None
    late = (temporary and not permanent) or phrases.DELAYED_SUBJECT.search(subject)
    return Report("delayed" if late else "failed", _status("", text), "")


def _failures(message: EmailMessage) -> tuple[Any, Any]:
    """What flufl.bounce makes of it. Its detectors stumble over mail without senders, which is then no bounce."""
    try:
        found: tuple[Any, Any] = all_failures(message)
    except Exception as bug:
        log.warning("flufl.bounce could not read a mail: %s.", type(bug).__name__)
        return set(), set()
    return found


def _short_enough(message: EmailMessage) -> bool:
    """flufl.bounce tries some fifty expressions on every line: half a million of them took six seconds."""
    return sum(1 for _ in islice(body_line_iterator(message), MOST_LINES)) < MOST_LINES


def _parts(message: EmailMessage, kinds: set[str]) -> list[EmailMessage]:
    """Parts of the report itself, not of a mail that somebody forwards within another."""
    return [part for part in bodies.children(message) if part.get_content_type() in kinds]


def _fates(part: EmailMessage) -> list[Report]:
    return [fate for block in _blocks(part) if (fate := _fate(block))]


def _blocks(part: EmailMessage) -> list[EmailMessage]:
    """The groups of fields: the parser divides one kind of report by itself, the other is divided here."""
    blocks = bodies.children(part)[:MOST_BLOCKS]
    text = "".join(str(block.get_payload()) for block in blocks if not block.is_multipart())
    parser = HeaderParser(policy=reading.FORGIVING)
    more = [parser.parsestr(group.strip()) for group in re.split(r"\r?\n\s*\r?\n", text) if group.strip()]
    return blocks + [block for block in more if isinstance(block, EmailMessage)]


def _fate(block: EmailMessage) -> Report | None:
    words = reading.header(block, "Action").lower().split()
    diagnostic = reading.header(block, "Diagnostic-Code")
    status = _status(reading.header(block, "Status"), diagnostic)
    action = words[0].strip(";,.") if words else {"5": "failed", "4": "delayed"}.get(status[:1], "")
    return Report(action, status, diagnostic[:300]) if action in WORST_FIRST else None


def _status(stated: str, words: str) -> str:
    """The more exact of the stated code and one found in the server's words; a full mailbox is 5.2.2."""
    if phrases.MAILBOX_FULL.search(words):
        return FULL
    given = STATUS.search(stated)
    told = STATUS.search(words)
    vague = given is None or given.group().endswith(".0.0")
    best = told if vague and told else given
    return best.group() if best else ""
