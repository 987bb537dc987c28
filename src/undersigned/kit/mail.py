"""Hand one message to SMTP, and say what happened."""

import asyncio
import hashlib
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from undersigned import __version__
from undersigned.kit import dkim, doors, smtp
from undersigned.kit.errors import Unavailable
from undersigned.kit.smtp import BeforeData
from undersigned.settings import settings


class Postponed(Unavailable):
    """Not now: a 4xx answer, a full mailbox, or nobody who would talk to us. Nothing was accepted."""


class Crowded(Postponed):
    """As many messages as may be are on their way to this domain: wait for some seconds. Nobody was asked yet."""


class MailboxFull(Postponed):
    """The recipient's mailbox is full: that takes hours, not minutes."""


class Rejected(Exception):
    """Never: a 5xx answer about this recipient or this message (RFC 5321 §4.2.1).

    The code and the server's own words are kept for staff.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code, self.text = code, text


class HeldBack(Exception):
    """A barrier of our own let nothing through; nothing left, and nothing is wrong with the recipient."""


class Unclear(Exception):
    """The line went dead after the message was given and before it was acknowledged."""


Barrier = Callable[[str], Awaitable[bool]]
_barriers: list[Barrier] = []


def barrier(may_pass: Barrier) -> Barrier:
    """Have every message of this process pass ``may_pass`` (its recipient's address) before it leaves."""
    _barriers.append(may_pass)
    return may_pass


@dataclass(frozen=True)
class Answer:
    """What the next server said when it accepted the message."""

    code: int
    text: str


async def hand_over(
    message: EmailMessage, sender: str, recipient: str, before_data: BeforeData | None = None
) -> Answer:
    """Give ``message`` to the next server, for the envelope ``sender`` and ``recipient``.

    ``before_data`` is awaited at the last moment at which nothing can have been delivered yet. Raises
    Postponed, Rejected or Unclear; HeldBack when a barrier of our own does not let it pass.
    """
    for may_pass in _barriers:
        if not await may_pass(recipient):
            raise HeldBack("Held back: mail to this address may not leave at present.")
    if urlsplit(settings.mail_url).scheme == "maildir":
        return await into_maildir(maildir_path(), message, sender, recipient, before_data)
    return await _over_smtp(message, sender, recipient, before_data)


def maildir_path() -> Path:
    """The folder of a ``maildir:`` MAIL_URL; the demo's own when mail goes elsewhere."""
    parts = urlsplit(settings.mail_url)
    return Path(unquote(parts.path)).resolve() if parts.scheme == "maildir" else settings.var / "mail"


async def into_maildir(
    folder: Path, message: EmailMessage, sender: str, recipient: str, before_data: BeforeData | None = None
) -> Answer:
    """Deliver into a Maildir. The file is named for the Message-ID, so handing over twice leaves one."""
    if before_data:
        await before_data()
    lines = f"Return-Path: <{sender}>\nDelivered-To: {recipient}\n".encode()
    name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
    await asyncio.to_thread(_write_maildir, folder, name, lines + _bytes(message, "\n"))
    return Answer(250, "Delivered to the Maildir")


def _bytes(message: EmailMessage, line_end: str) -> bytes:
    """The message on the wire. Python folds a long subject right after its name, which some readers show as
    a gap; RFC 5322 lets lines be longer."""
    return message.as_bytes(policy=message.policy.clone(linesep=line_end, max_line_length=200))


def _write_maildir(folder: Path, name: str, content: bytes) -> None:
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    unfinished = folder / "tmp" / f"{name}.{os.getpid()}"
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / "new" / name)


async def _over_smtp(message: EmailMessage, sender: str, recipient: str, before_data: BeforeData | None) -> Answer:
    try:
        code, text = await smtp.give(await _signed(message), sender, recipient, before_data)
    except smtp.Refusal as no:
        raise _named(no) from no
    except doors.Crowded as crowd:
        raise Crowded("Many messages are on their way to this domain already.") from crowd
    except smtp.Broken as trouble:
        if trouble.given:
            raise Unclear(str(trouble)) from trouble
        raise Postponed(f"{trouble}: nothing was accepted.") from trouble
    return Answer(code, text)


def is_nobody(code: int, text: str) -> bool:
    """Whether a refusal says that there is no such mailbox (RFC 3463, X.1.x and X.2.1), and not only not now or
    not from us. Servers that give no status say 550, 551 or 553."""
    status = re.match(r"\s*5\.(\d{1,3})\.(\d{1,3})\b", text)
    if status:
        return status[1] == "1" or (status[1], status[2]) == ("2", "1")
    return code in {550, 551, 553}


async def _signed(message: EmailMessage) -> bytes:
    """The bytes to send. Signing takes milliseconds of pure Python, so it does not hold up the other messages."""
    content = _bytes(message, "\r\n")
    if not settings.dkim_key:
        return content
    return await asyncio.to_thread(dkim.sign, content, message["From"].addresses[0].domain)


def _named(no: smtp.Refusal) -> Exception:
    """5xx is final, save for a full mailbox, which may be emptied (RFC 3463, X.2.2).

    What is said before the server knows the recipient is about us: a wrong password or a name on a list is mended
    by the operator, and costs nobody their mail.
    """
    if re.search(r"\b[45]\.2\.2\b", no.text) or _is_full(no):
        return MailboxFull(str(no))
    if 500 <= no.code < 600 and not no.about_us:
        return Rejected(no.code, no.text)
    return Postponed(str(no))


def _is_full(no: smtp.Refusal) -> bool:
    """Whether a server that gives no status says 552, too much for a mailbox (RFC 5321), and not size."""
    bare = no.code == 552 and not re.match(r"\s*\d\.\d{1,3}\.\d{1,3}\b", no.text)
    return bare and not re.search(r"\b(?:large|big|message size|size limit)\b", no.text, re.IGNORECASE)


def blank(message_id: str) -> EmailMessage:
    """A message with the headers that all of ours carry."""
    message = EmailMessage()
    message["Date"] = localtime()
    message["Message-ID"] = message_id
    message["User-Agent"] = f"Undersigned/{__version__}"
    return message


def mailbox(name: str, address: str) -> Address:
    """A display name and an address, quoted and encoded as RFC 5322 asks."""
    local, _, domain = address.rpartition("@")
    return Address(_one_line(name), local, domain)


def our_address() -> str:
    """The bare address that our own mail comes from."""
    return parseaddr(settings.mail_from)[1]


def _one_line(text: str) -> str:
    return " ".join(text.split())
