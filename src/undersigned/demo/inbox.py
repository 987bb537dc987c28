"""The e-mail that a demo would have sent: read from its Maildir, never from anywhere else."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from markupsafe import Markup, escape

from undersigned.delivery import addresses
from undersigned.kit import mail
from undersigned.kit.errors import Missing
from undersigned.settings import settings

NAME = re.compile(r"[0-9a-f]{32}")
PER_PAGE = 50
HEADER_BYTES = 16 * 1024
_headers = BytesHeaderParser()
_LINK = re.compile(r"https?://[^\s<>\"']+")


class MessageMissing(Missing):
    """There is no such message in the inbox."""


@dataclass(frozen=True)
class Line:
    """One message in the list."""

    name: str
    sender: str
    to: str
    subject: str
    at: datetime
    is_letter: bool

    @property
    def sender_name(self) -> str:
        """Who it is from, in as few words as there are: a tracked address says nothing to a person."""
        return self.sender.partition(" <")[0]


@dataclass(frozen=True)
class Mailed:
    """One message as a person reads it. ``letter_id`` is set when it is a letter to a representative."""

    line: Line
    message: EmailMessage
    text: str
    html: str
    letter_id: int | None


@dataclass(frozen=True)
class Page:
    """Fifty messages, the last one first; ``total`` is how many there are of those that were asked for."""

    lines: list[Line]
    number: int
    total: int

    @property
    def more(self) -> bool:
        return self.number * PER_PAGE < self.total


async def page(words: str = "", number: int = 1) -> Page:
    """Messages to or from an address that holds ``words``, or all of them."""
    return await asyncio.to_thread(_page, words.strip().casefold(), number)


async def read(name: str) -> Mailed:
    """One message. Raises MessageMissing."""
    return await asyncio.to_thread(_read, name)


def linked(text: str) -> Markup:
    """Text with the links to this very site made clickable; links to anywhere else stay words."""
    done, parts = 0, []
    for found in _LINK.finditer(text):
        url = found.group().rstrip(".,;:!?)")
        parts.append(escape(text[done : found.start()]))
        ours = url == settings.base_url or url.startswith(f"{settings.base_url}/")
        parts.append(Markup('<a href="{0}">{0}</a>').format(url) if ours else escape(url))
        done = found.start() + len(url)
    return Markup("").join([*parts, escape(text[done:])])


def _page(words: str, number: int) -> Page:
    newest_first = sorted(((_moment(path), path) for path in _files()), reverse=True)
    dated = [(at, path) for at, path in newest_first if not words or words in _addresses(path)]
    shown = dated[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page([_line(path.name, at, _parsed(_head(path))) for at, path in shown], number, len(dated))


def _addresses(path: Path) -> str:
    """Whom a message is to and from, without the work of reading all of it."""
    headers = _headers.parsebytes(_head(path))
    return " ".join(str(headers.get(name, "")) for name in ("To", "From", "Delivered-To")).casefold()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEADER_BYTES)


def _files() -> list[Path]:
    folder = mail.maildir_path()
    return [
        path for part in ("new", "cur") if (folder / part).is_dir() for path in (folder / part).iterdir()
        if NAME.fullmatch(path.name)
    ]  # fmt: skip


def _moment(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _read(name: str) -> Mailed:
    path = next((path for path in _files() if path.name == name), None)
    if path is None:
        raise MessageMissing("This message is not in the inbox.")
    message = _parsed(path.read_bytes())
    line = _line(name, _moment(path), message)
    return Mailed(line, message, _body(message, "plain"), _body(message, "html"), _letter_of(message))


def _parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def _line(name: str, at: datetime, message: EmailMessage) -> Line:
    subject = str(message.get("Subject", "")) or "No subject"
    who = _shown(message, "From"), _shown(message, "To")
    return Line(name, *who, subject, at, _letter_of(message) is not None)


def _shown(message: EmailMessage, header: str) -> str:
    """A name and its address without the quotation marks that RFC 5322 puts round a name."""
    name, address = parseaddr(str(message.get(header, "")))
    return f"{name} <{address}>" if name else address


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _letter_of(message: EmailMessage) -> int | None:
    """The letter whose tracked address this message is from."""
    for header in ("From", "Return-Path"):
        letter_id = addresses.letter_of(parseaddr(str(message.get(header, "")))[1])
        if letter_id is not None:
            return letter_id
    return None
