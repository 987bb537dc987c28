"""Lines to the next mail server, each kept for the message after this one.

A line that has been idle may be gone without our knowing. That is found out at the first command about a message,
before anything was given, and costs one fresh line.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

import aiosmtplib

from undersigned.kit import doors
from undersigned.settings import settings

WHOLE_CONVERSATION_SECONDS = 60
IDLE_SECONDS = 10.0
MOST_ON_A_LINE = 100
"""Messages; servers grow tired of a line, and a fresh one finds out what has changed there."""
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
BeforeData = Callable[[], Awaitable[None]]


class Refusal(Exception):
    """The server said no; ``about_us`` is True when it did so before it had heard of a recipient."""

    def __init__(self, code: int, text: str, about_us: bool) -> None:
        super().__init__(f"{code} {text}")
        self.code, self.text, self.about_us = code, text, about_us


class Broken(Exception):
    """The line broke or never stood; ``given`` is True when the message may have arrived all the same."""

    def __init__(self, what: str, given: bool) -> None:
        super().__init__(what)
        self.given = given


@dataclass
class _Message:
    content: bytes
    sender: str
    recipient: str
    before_data: BeforeData | None
    given: bool = False


@dataclass(eq=False)
class _Line:
    client: aiosmtplib.SMTP
    carried: int = 0
    idle_since: float = 0.0


@dataclass
class _Exchange:
    """What one event loop has: idle lines by the MAIL_URL they lead to, and those that are being ended."""

    idle: dict[str, list[_Line]] = field(default_factory=dict)
    goodbyes: set[asyncio.Task[None]] = field(default_factory=set)


_exchanges: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Exchange]" = WeakKeyDictionary()


async def give(content: bytes, sender: str, recipient: str, before_data: BeforeData | None) -> tuple[int, str]:
    """Give one message to the server that MAIL_URL names; the code and the words with which it was taken.

    Raises Refusal or Broken, doors.Crowded, and whatever ``before_data`` raises: it is awaited when the recipient
    has been taken, at the last moment at which nothing can have been delivered.
    """
    message = _Message(content, sender, recipient, before_data)
    async with doors.place(recipient.rpartition("@")[2]):
        try:
            async with asyncio.timeout(WHOLE_CONVERSATION_SECONDS):
                return await _carry(await _line_for(sender), message)
        except aiosmtplib.SMTPResponseException as no:
            raise Refusal(no.code, no.message, about_us=True) from no
        except (OSError, TimeoutError, aiosmtplib.SMTPException) as trouble:
            raise Broken(_in_words(trouble), message.given) from trouble


def _in_words(trouble: Exception) -> str:
    """What staff read: never the error's own words, which may hold an address."""
    why = trouble if isinstance(trouble, ssl.SSLError) else trouble.__cause__
    if isinstance(why, ssl.SSLCertVerificationError):
        return f"The certificate of our mail server cannot be trusted ({why.verify_message.rstrip('.')})"
    if isinstance(trouble, _NoEncryption) or isinstance(why, ssl.SSLError):
        return "No encrypted line to our mail server could be agreed"
    return type(trouble).__name__


class _NoEncryption(aiosmtplib.SMTPException):
    """STARTTLS is not to be had, or was begun and came to nothing."""


class _Client(aiosmtplib.SMTP):
    """One that knows at which point it was left alone: the other side of a handshake just hangs up."""

    async def starttls(self, *args: Any, **how: Any) -> aiosmtplib.SMTPResponse:
        try:
            return await super().starttls(*args, **how)
        except aiosmtplib.SMTPResponseException:
            raise
        except (OSError, aiosmtplib.SMTPException) as trouble:
            raise _NoEncryption(str(trouble)) from trouble


async def _line_for(sender: str) -> _Line:
    """A line on which the server waits for a recipient; an idle one that is dead gives way to a fresh one."""
    idle = _exchange().idle.get(settings.mail_url, [])
    while idle:
        line = idle.pop()
        try:
            await line.client.mail(sender)
        except (OSError, aiosmtplib.SMTPException):
            line.client.close()
        else:
            return line
    line = _Line(_client())
    await line.client.connect()
    try:
        await line.client.mail(sender)
    except BaseException:
        line.client.close()
        raise
    return line


async def _carry(line: _Line, message: _Message) -> tuple[int, str]:
    try:
        await line.client.rcpt(message.recipient)
        if message.before_data:
            await message.before_data()
        message.given = True
        answer = await line.client.data(message.content)
    except aiosmtplib.SMTPResponseException as no:
        await _keep(line, reset=True)
        if message.given and 200 <= no.code < 300:  # Only the first digit counts (RFC 5321 §4.2.1).
            return no.code, no.message
        raise Refusal(no.code, no.message, about_us=False) from no
    except BaseException:
        line.client.close()
        raise
    await _keep(line)
    return answer.code, answer.message


async def _keep(line: _Line, reset: bool = False) -> None:
    """For the next message, unless the line has carried enough or will not be ``reset``."""
    line.carried += 1
    try:
        if reset:
            await line.client.rset()
    except (OSError, aiosmtplib.SMTPException):
        line.client.close()
        return
    if line.carried >= MOST_ON_A_LINE:
        _say_goodbye(line)
        return
    line.idle_since = time.monotonic()
    idle = _exchange().idle.setdefault(settings.mail_url, [])
    idle.append(line)
    asyncio.get_running_loop().call_later(IDLE_SECONDS, _expire, idle, line)


def _expire(idle: list[_Line], line: _Line) -> None:
    if line in idle and time.monotonic() - line.idle_since >= IDLE_SECONDS * 0.99:
        idle.remove(line)
        _say_goodbye(line)


def _say_goodbye(line: _Line) -> None:
    goodbyes = _exchange().goodbyes
    task = asyncio.get_running_loop().create_task(_quit(line))
    goodbyes.add(task)
    task.add_done_callback(goodbyes.discard)


async def _quit(line: _Line) -> None:
    with contextlib.suppress(OSError, TimeoutError, aiosmtplib.SMTPException):
        async with asyncio.timeout(2):
            await line.client.quit()
    line.client.close()


async def hang_up() -> None:
    """End every idle line of this loop: its process is about to end, or its server is."""
    exchange = _exchange()
    lines = [line for idle in exchange.idle.values() for line in idle]
    exchange.idle.clear()
    await asyncio.gather(*map(_quit, lines), *exchange.goodbyes)
    await doors.close()


def _exchange() -> _Exchange:
    return _exchanges.setdefault(asyncio.get_running_loop(), _Exchange())


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _tls_on_the_loopback() -> ssl.SSLContext:
    """Encrypted, and from whoever answers: nobody has a certificate for this machine's own loopback."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _client() -> _Client:
    """As MAIL_URL says: ``smtps://`` speaks TLS at once, ``smtp://`` takes it if offered or MAIL_TLS insists."""
    parts = urlsplit(settings.mail_url)
    implicit = parts.scheme == "smtps"
    loopback = parts.hostname in LOOPBACK
    insists = settings.mail_tls == "required"
    return _Client(
        hostname=parts.hostname or "localhost",
        port=parts.port or (465 if implicit else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=implicit,
        start_tls=False if implicit or (loopback and not insists) else True if insists else None,
        tls_context=_tls_on_the_loopback() if loopback else _tls(),
        local_hostname=settings.mail_domain,
        timeout=20,
    )
