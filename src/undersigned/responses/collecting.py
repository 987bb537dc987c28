"""Mail collected from a mailbox elsewhere, over IMAP (RFC 3501): for whoever cannot point a domain at us.

How far we have read is a row, so we go on where we stopped. A mail is moved or deleted there only after it is
committed here; one that comes twice is one row. Nothing is marked as read.
"""

import asyncio
import contextlib
import hashlib
import logging
import re
import ssl
from dataclasses import dataclass
from imaplib import IMAP4
from urllib.parse import parse_qs, unquote, urlsplit

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted

from undersigned.kit import database, limits
from undersigned.kit.errors import Unavailable
from undersigned.responses import arrival, envelope
from undersigned.responses.reception import LARGEST
from undersigned.responses.tables import Mailbox

EVERY_SECONDS = 30.0
LONGEST_WAIT = 600.0
PATIENCE = 60.0
log = logging.getLogger(__name__)


class NotSafe(Exception):
    """The server offers no TLS, and a password is not said aloud."""


@dataclass(frozen=True)
class Account:
    """Where IMAP_URL leads: ``imaps://user:password@host/INBOX?move=Done``; ``imap`` takes TLS with STARTTLS.

    What is collected stays where it is, unless ``move`` names a folder for it or ``delete=yes`` is said.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str
    move_to: str
    deletes: bool

    @classmethod
    def parse(cls, url: str) -> "Account":
        """The parts of ``url``, which is known to begin with imap."""
        parts, asked = urlsplit(url), parse_qs(urlsplit(url).query)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port or (993 if parts.scheme == "imaps" else 143),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            move_to=asked.get("move", [""])[0],
            deletes=asked.get("delete", [""])[0] == "yes",
        )

    @property
    def address(self) -> str:
        """What its row is known by; it names nobody."""
        return hashlib.sha256(f"{self.user}@{self.host}:{self.port}/{self.folder}".encode()).hexdigest()


async def run(url: str, stop: asyncio.Event) -> None:
    """Collect until ``stop``; trouble makes the pauses longer, and is logged by its kind alone."""
    account, wait = Account.parse(url), EVERY_SECONDS
    while not stop.is_set():
        try:
            taken = await collect(account, stop)
            wait = EVERY_SECONDS
            if taken:
                log.info("%s mails were collected from the mailbox.", taken)
        except (OSError, IMAP4.error, ImapToolsError, NotSafe, Unavailable) as trouble:
            # What a server says may name the user, so only the kind of it is written down.
            log.warning("The mailbox cannot be read (%s); next try in %.0f s.", type(trouble).__name__, wait)
            wait = min(wait * 2, LONGEST_WAIT)
        except Exception as bug:
            log.error("The mailbox was not read: %s.", type(bug).__name__, exc_info=bug)
            wait = LONGEST_WAIT
        try:
            await asyncio.wait_for(stop.wait(), wait)
        except TimeoutError:
            continue


async def collect(account: Account, stop: asyncio.Event | None = None) -> int:
    """Take in everything that is new, and say how much. Raises whatever a line or a server can raise."""
    server = await asyncio.to_thread(_log_in, account)
    try:
        validity = await asyncio.to_thread(_validity, server, account)
        taken = 0
        for uid in await asyncio.to_thread(_uids_after, server, await _last_uid(account, validity)):
            if stop is not None and stop.is_set():
                break
            stored = await _take(server, uid)
            await _remember(account, validity, uid)
            if stored:
                taken += 1
                await asyncio.to_thread(_put_away, server, account, uid)
        return taken
    finally:
        await asyncio.to_thread(_log_out, server)


async def _take(server: BaseMailBox, uid: int) -> bool:
    """Whether one mail was taken in, committed on return. What is larger than we take from anybody stays there."""
    raw = await asyncio.to_thread(_fetch, server, uid)
    if raw is None:
        log.warning("A mail in the mailbox is gone, or larger than we take, and was passed over.")
        return False
    try:
        sender, recipients = await asyncio.to_thread(envelope.of, raw)
    except envelope.NoHeaders:
        sender, recipients = "", []
    await arrival.arrive(raw, sender, recipients)
    return True


# How far we are


async def _last_uid(account: Account, validity: int) -> int:
    """The last that we took; none, when the mailbox has given new numbers to everything."""
    row = await Mailbox.objects().where(Mailbox.address == account.address).first()
    return row.last_uid if row and row.validity == validity else 0


async def _remember(account: Account, validity: int, uid: int) -> None:
    """Two nodes that collect at once never lead one another back."""
    await database.execute(
        """INSERT INTO mailbox AS here (address, validity, last_uid, read_at) VALUES ($1, $2, $3, now())
           ON CONFLICT (address) DO UPDATE SET validity = excluded.validity, read_at = excluded.read_at,
               last_uid = CASE WHEN here.validity = excluded.validity
                          THEN greatest(here.last_uid, excluded.last_uid) ELSE excluded.last_uid END""",
        account.address,
        validity,
        uid,
    )


# What blocks, and so runs in a thread


def _log_in(account: Account) -> BaseMailBox:
    server = _connect(account)
    try:
        server.login(account.user, account.password, initial_folder=None)
        server.folder.set(account.folder)
    except Exception:
        _log_out(server)
        raise
    return server


def _connect(account: Account) -> BaseMailBox:
    """A line that nobody listens to: TLS at once, or STARTTLS; only on this machine may it do without."""
    if account.scheme == "imaps":
        return MailBox(account.host, account.port, timeout=PATIENCE, ssl_context=ssl.create_default_context())
    server = MailBoxUnencrypted(account.host, account.port, timeout=PATIENCE)
    if "STARTTLS" in server.client.capabilities:
        server.client.starttls(ssl.create_default_context())
    elif not limits.is_this_machine(str(server.client.socket().getpeername()[0])):
        _log_out(server)
        raise NotSafe("The mailbox offers no TLS.")
    return server


def _validity(server: BaseMailBox, account: Account) -> int:
    return int(server.folder.status(account.folder, ["UIDVALIDITY"])["UIDVALIDITY"])


def _uids_after(server: BaseMailBox, last: int) -> list[int]:
    """In their order. A range that begins after the end names the last mail, so it is looked at again."""
    found = server.uids(f"UID {last + 1}:*", charset=None)
    return sorted(uid for uid in map(int, found) if uid > last)


def _fetch(server: BaseMailBox, uid: int) -> bytes | None:
    """The bytes as they are, without marking the mail as read."""
    _, told = server.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = re.search(rb"RFC822\.SIZE (\d+)", told[0] if told and isinstance(told[0], bytes) else b"")
    if size is None or int(size[1]) > LARGEST:
        return None
    _, given = server.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((bytes(part[1]) for part in given if isinstance(part, tuple)), None)


def _put_away(server: BaseMailBox, account: Account, uid: int) -> None:
    if account.move_to:
        server.move(str(uid), account.move_to)
    elif account.deletes:
        server.delete(str(uid))


def _log_out(server: BaseMailBox) -> None:
    """A line that is dead already needs no goodbye."""
    try:
        server.logout()
    except Exception as trouble:
        log.debug("The mailbox had no goodbye: %s", type(trouble).__name__)
        with contextlib.suppress(OSError):
            server.client.shutdown()
