"""The door: SMTP and LMTP on one port, from behind a mail server or straight from the world.

We answer 250 only after the commit, refuse what is not for our domain (no open relay), and after DATA give
LMTP peers one answer for each recipient (RFC 2033 §4.2).
"""

import asyncio
import logging
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from undersigned.kit.errors import Unavailable
from undersigned.responses import arrival
from undersigned.settings import settings

LARGEST = 25 * 1024 * 1024
LONGEST_LINE = 256 * 1024
MOST_RECIPIENTS = 100
IDLE_SECONDS = 120
COMMIT_SECONDS = 30
LATER = "451 4.3.0 We cannot store mail at the moment, please try again later."
log = logging.getLogger(__name__)
# At lower levels aiosmtpd writes down who writes to whom.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Handler:
    """What we say to each command that matters."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take our own domain only. A token that we do not know is taken too: a person can look at it."""
        if address.rpartition("@")[2].lower() != settings.mail_domain.lower():
            return "550 5.1.1 No such address here."
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


class Conversation(SMTP):
    """One peer. ``LHLO`` makes it LMTP, ``HELO`` and ``EHLO`` make it SMTP."""

    line_length_limit = LONGEST_LINE

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            Handler(),
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname=settings.mail_domain,
            ident="ESMTP",
            timeout=IDLE_SECONDS,
            loop=loop,
        )
        self._lmtp = False
        self._answers = 1
        _conversations.add(self)

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
        """Answer. Once a mail has been given over LMTP, the verdict is said once for each recipient."""
        text = status.decode() if isinstance(status, bytes) else status
        await super().push("\r\n".join([text] * self._answers))
        if self._lmtp and self.envelope and text.startswith("354"):
            self._answers = len(self.envelope.rcpt_tos)


_conversations: "WeakSet[Conversation]" = WeakSet()


def hang_up() -> None:
    """End every conversation. Nobody was told 250 for a mail that is not stored."""
    for conversation in list(_conversations):
        if conversation.transport is not None:
            conversation.transport.close()


async def open_door(host: str, port: int) -> asyncio.Server:
    """Listen; the caller closes the server and then says :func:`hang_up`."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Conversation(loop), host, port)
