"""Somebody else's mail server: a real one on the loopback, which answers as a test tells it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 2.0.0 Taken"


@dataclass(frozen=True)
class Taken:
    """A message whose every byte has arrived, with its envelope."""

    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool = False

    @property
    def message(self) -> EmailMessage:
        """The message, read as a mail program reads it."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class MailServer:
    """It takes everything until told otherwise; an answer is a whole reply line, such as ``450 4.2.1 Later``.

    With ``only_for`` the answers at RCPT and DATA are for that recipient alone, and all others are taken.

    With ``at_connect`` it says that instead of hello, and hangs up. ``drips`` is how many seconds it takes for
    each letter that it says. ``hangs_up`` is "before the message" (it has said that it would take it), "after the
    message" (its bytes are here, its answer never comes), "instead of goodbye" or nothing. ``silent_at`` names a
    command, RCPT or DATA, that is not answered until ``speak`` is set; ``reached`` is set when it comes; RCPT may
    be silent only for recipients who end in ``silent_for``. With ``tls`` it offers STARTTLS. ``lines`` is how
    often somebody has called.
    """

    at_connect: str = ""
    at_mail: str = TAKEN
    at_mail_once: str = ""
    at_rcpt: str = TAKEN
    at_data: str = TAKEN
    only_for: str = ""
    drips: float = 0
    hangs_up: str = ""
    silent_at: str = ""
    silent_for: str = ""
    taken: list[Taken] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    lines: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    speak: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    def __post_init__(self) -> None:
        self._listening: asyncio.Server | None = None
        self._lines: set[_Line] = set()

    @property
    def open_lines(self) -> int:
        """How many conversations have not ended."""
        return len(self._lines)

    @property
    def url(self) -> str:
        """What MAIL_URL says for it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._line, "127.0.0.1", self.port)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be gone: whoever knocks is refused."""
        if self._listening:
            self._listening.close()
            self._listening = None
        for line in list(self._lines):
            line.cut()
        await asyncio.sleep(0)

    def _line(self) -> "_Line":
        return _Line(self)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer, self.at_mail_once = self.at_mail_once or self.at_mail, ""
        if answer.startswith("2"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        if address.lower().endswith(self.silent_for):
            await self._fall_silent("RCPT")
        answer = self._answer(self.at_rcpt, address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: "_Line", session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        answer = self._answer(self.at_data, envelope.rcpt_tos[0])
        if answer.startswith("2"):
            self.taken.append(
                Taken(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content, session.ssl is not None)
            )
        await self._fall_silent("DATA")
        if self.hangs_up == "after the message":
            server.cut()
        return answer

    async def handle_QUIT(self, server: "_Line", session: Session, envelope: Envelope) -> str:
        if self.hangs_up == "instead of goodbye":
            server.cut()
        return "221 Bye"

    def _answer(self, told: str, recipient: str) -> str:
        return told if self.only_for in {"", recipient} else TAKEN

    async def _fall_silent(self, command: str) -> None:
        if self.silent_at == command:
            self.reached.set()
            await self.speak.wait()


class _Line(SMTP):
    """One conversation with a :class:`MailServer`."""

    def __init__(self, owner: MailServer) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(owner, hostname="mx.example.org", loop=loop, tls_context=owner.tls)
        self._owner = owner
        self._owner_knows = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._owner._lines.add(self)
        self._owner.lines += not self._owner_knows
        self._owner_knows = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._owner._lines.discard(self)
        super().connection_lost(error)

    async def push(self, status: str | bytes) -> None:
        """Say it, as the owner would have it said."""
        said = status if isinstance(status, bytes) else status.encode()
        if said.startswith(b"220") and self._owner.at_connect:
            said = self._owner.at_connect.encode()
        for at in range(len(said) if self._owner.drips else 0):
            self._writer.write(said[at : at + 1])
            await asyncio.sleep(self._owner.drips)
        await super().push(b"" if self._owner.drips else said)
        if said.startswith(b"354") and self._owner.hangs_up == "before the message":
            self.cut()
        elif said == self._owner.at_connect.encode() and said:
            assert self.transport is not None
            self.transport.close()

    def cut(self) -> None:
        """Hang up without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


@asynccontextmanager
async def running() -> AsyncIterator[MailServer]:
    """A mail server for as long as a test wants one."""
    server = MailServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
