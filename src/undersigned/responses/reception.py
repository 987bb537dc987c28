"""The door: SMTP and LMTP on one port, from behind a mail server or straight from the world.

We answer 250 only after the commit, refuse what is not for our domain (no open relay), and after DATA give
LMTP peers one answer for each recipient (RFC 2033 §4.2). Whoever brings too much is told 421 or 452, which means
later (RFC 5321 §4.2.2).
"""

import asyncio
import logging
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from undersigned.delivery import addresses
from undersigned.kit import limits
from undersigned.kit.errors import Unavailable
from undersigned.responses import admitting, arrival, guessing
from undersigned.settings import settings

LARGEST = 36 * 1024 * 1024
"""A file of 25 MB is 34 on its way, in base64, and there are words beside it."""
MOST_HEARD_OUT = 3 * LARGEST
LONGEST_LINE = 256 * 1024
ENDLESS_LINE = 4 * LONGEST_LINE
MOST_RECIPIENTS = 100
MOST_REFUSALS = 20
SLOWEST = 1024 * 1024
"""Bytes that must come within ``IDLE_SECONDS``, so that nobody keeps a line for ever a byte at a time."""
IDLE_SECONDS = 120
COMMIT_SECONDS = 30
LATER = "451 4.3.0 We cannot store mail at the moment, please try again later."
BUSY = "421 4.3.2 We are busy, please try again later."
TOO_OFTEN = "452 4.3.1 That is more mail than we can take now, please try again later."
TOO_LARGE = "552 5.3.4 This mail is larger than we take."
PEN_FULL = "452 4.2.1 We know no letter of that address, and cannot look into it now. Please try again later."
log = logging.getLogger(__name__)
# At lower levels aiosmtpd writes down who writes to whom.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Handler:
    """What we say to each command that matters."""

    async def handle_MAIL(
        self, server: "Conversation", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a mail, if this peer has not brought too many already."""
        if not server.keeper.may_bring(server.peer):
            return TOO_OFTEN
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: "Conversation", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take our own domain only. A token that we do not know is taken too: a person can look at it.

        Not when a thousand wait for that person already: then it stays where it comes from.
        """
        if address.rpartition("@")[2].lower() != settings.mail_domain.lower():
            return server.refuse("550 5.1.1 No such address here.")
        if not _is_a_letters(address) and await _is_pen_full():
            return server.refuse(PEN_FULL)
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients at once."
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Commit, then 250. A sender told 451 keeps the mail, and bringing it twice makes one row."""
        raw = envelope.original_content
        assert isinstance(raw, bytes)
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await arrival.arrive(raw, envelope.mail_from or "", envelope.rcpt_tos)
        except (Unavailable, TimeoutError):
            log.warning("The database is away; a mail was asked to come back later.")
            return LATER
        except Exception:
            log.exception("A mail could not be stored; it was asked to come back later.")
            return LATER
        return "250 2.0.0 Stored."

    async def handle_exception(self, error: Exception) -> str:
        """A bug of ours is nobody else's business and no reason for a bounce."""
        log.error("A conversation went wrong.", exc_info=error)
        return LATER


def _is_a_letters(address: str) -> bool:
    """Whether it is the address of a letter, or nearly."""
    return addresses.letter_of(address) is not None or bool(guessing.letters_near([address]))


async def _is_pen_full() -> bool:
    """With the database away nothing is stored anyway; DATA says so."""
    try:
        async with asyncio.timeout(COMMIT_SECONDS):
            return await pen.is_full()
    except (Unavailable, TimeoutError):
        return False


class Conversation(SMTP):
    """One peer. ``LHLO`` makes it LMTP, ``HELO`` and ``EHLO`` make it SMTP."""

    line_length_limit = LONGEST_LINE

    def __init__(self, loop: asyncio.AbstractEventLoop, keeper: admitting.Doorkeeper) -> None:
        super().__init__(
            Handler(),
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname=settings.mail_domain,
            ident="ESMTP",
            timeout=IDLE_SECONDS,
            loop=loop,
        )
        self.keeper = keeper
        self.peer = ""
        self._is_inside = False
        self._refusals = 0
        self._in_hand = 0
        self._line = 0
        self._lmtp = False
        self._answers = 1
        _conversations.add(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let them in, or say that we are busy and hang up."""
        assert isinstance(transport, asyncio.WriteTransport)
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])
        super().connection_made(transport)
        self._is_inside = self.keeper.enter(self.peer)
        if not self._is_inside:
            self._hang_up(BUSY)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget them."""
        self._let_go()
        if self._is_inside:
            self._is_inside = False
            self.keeper.leave(self.peer)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Count what comes before it is kept: neither one endless line nor all mail together fills the memory.

        Of a mail that is too large nothing is kept, and its end is waited for, so that its sender hears why.
        """
        before, self._in_hand = self._in_hand, self._in_hand + len(data)
        self.keeper.in_hand += len(data)
        self._line = len(data) - 1 - end if (end := data.rfind(b"\n")) >= 0 else self._line + len(data)
        if self._line > ENDLESS_LINE or self._in_hand > MOST_HEARD_OUT:
            self._hang_up(TOO_LARGE)
        elif self.keeper.in_hand > admitting.MOST_IN_HAND:
            self._hang_up(BUSY)
        else:
            if before // SLOWEST != self._in_hand // SLOWEST:
                self._reset_timeout()
            super().data_received(data)

    def _let_go(self) -> None:
        """What was in hand is stored, or thrown away."""
        self.keeper.in_hand -= self._in_hand
        self._in_hand = 0

    def _hang_up(self, words: str) -> None:
        """Say why in the middle of whatever they are saying (RFC 5321 §3.8), and read no more of it."""
        assert isinstance(self.transport, asyncio.Transport) and self._handler_coroutine is not None
        self._handler_coroutine.cancel()
        if not self.transport.is_closing():
            self.transport.write(f"{words}\r\n".encode())
            self.transport.close()

    def refuse(self, words: str) -> str:
        """Refuse a recipient; a stranger who asks for too many that are not here is only trying out names."""
        self._refusals += not limits.is_ours(self.peer)
        return words if self._refusals < MOST_REFUSALS else BUSY

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str) -> None:
        """Begin LMTP."""
        self._lmtp = True
        await super().smtp_EHLO(hostname)

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str) -> None:
        """Begin ESMTP."""
        self._lmtp = False
        await super().smtp_EHLO(hostname)

    @syntax("HELO hostname")
    async def smtp_HELO(self, hostname: str) -> None:
        """Begin SMTP."""
        self._lmtp = False
        await super().smtp_HELO(hostname)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Take the mail; see :meth:`push` for how many answers that makes."""
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 1

    async def push(self, status: str | bytes) -> None:
        """Answer. Once a mail has been given over LMTP, the verdict is said once for each recipient.

        Between two commands nothing is in hand; 421 is goodbye.
        """
        self._let_go()
        text = status.decode() if isinstance(status, bytes) else status
        await super().push("\r\n".join([text] * self._answers))
        if self._lmtp and self.envelope and text.startswith("354"):
            self._answers = len(self.envelope.rcpt_tos)
        if text.startswith("421") and isinstance(self.transport, asyncio.WriteTransport):
            self.transport.close()


pen = admitting.Pen()
_conversations: "WeakSet[Conversation]" = WeakSet()


def hang_up() -> None:
    """End every conversation. Nobody was told 250 for a mail that is not stored."""
    for conversation in list(_conversations):
        if conversation.transport is not None:
            conversation.transport.close()


async def open_door(host: str, port: int) -> asyncio.Server:
    """Listen; the caller closes the server and then says :func:`hang_up`."""
    loop = asyncio.get_running_loop()
    keeper = admitting.Doorkeeper()
    return await loop.create_server(lambda: Conversation(loop, keeper), host, port)
