"""E-mail we owe someone: a row first, then the sending.

A row names what it is about; the words are composed when it is sent, so that the outbox holds no more about
a person than an address. The relay in the clock lends due rows to the workers.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Final
from uuid import uuid4

from piccolo.columns import UUID, BigInt, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from undersigned.kit import database, leases, mail, pages, tokens
from undersigned.kit.broker import job
from undersigned.kit.errors import Unavailable
from undersigned.settings import settings

log = logging.getLogger(__name__)

NOTHING_LEFT: Final = "Nothing left to say."
"""The answer of what was never sent because its composer had no words for it."""
GIVE_UP_AFTER = timedelta(days=4)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
BOUNCES: Final = "bounce-"
DUE = "sent_at IS NULL AND dead_at IS NULL AND due_at <= now()"


class Mail(Table, tablename="mail"):
    """One message to one person. ``sent_at`` or ``dead_at`` ends it.

    ``mailing`` is set for one of many that say the same; those wait behind what a single person waits for.
    """

    id = BigSerial(primary_key=True)
    kind = Varchar(40)
    about = BigInt()
    recipient = Varchar(254)
    mailing = BigInt(null=True, default=None)
    message_id = Varchar(120)
    created_at = Timestamptz()
    due_at = Timestamptz()
    lease = UUID(null=True, default=None)
    leased_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    sent_at = Timestamptz(null=True, default=None)
    dead_at = Timestamptz(null=True, default=None)
    last_answer = Text(default="")


@dataclass(frozen=True)
class Enclosed:
    """A file that goes with an e-mail."""

    name: str
    type: str
    content: bytes


@dataclass
class Composed:
    """A template of an e-mail and what to fill in; ``headers`` go on as they are, and so do ``files``.

    ``only_to`` names whom it concerns now: a message that is owed to somebody else is not sent.
    """

    template: str
    context: dict[str, object]
    headers: dict[str, str] = field(default_factory=dict)
    sender: str = ""
    only_to: str = ""
    files: tuple[Enclosed, ...] = ()


Refused = Callable[[str], Awaitable[None]]
_when_undeliverable: list[Refused] = []


def when_undeliverable(told: Refused) -> Refused:
    """Have ``told`` know of every address (its argument) at which there is no mailbox."""
    _when_undeliverable.append(told)
    return told


Composer = Callable[..., Awaitable[Composed | None]]
"""It is given what the mail is about, and then the id of the mailing if the mail is one of many."""
_composers: dict[str, Composer] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Mark the function that writes mail of ``kind``; it answers None when there is nothing left to say."""

    def remember(composer: Composer) -> Composer:
        _composers[kind] = composer
        return composer

    return remember


async def owe(kind: str, about: int, recipient: str, due_at: datetime | None = None) -> None:
    """Owe ``recipient`` a message; call it in the transaction that causes it."""
    await database.execute(
        """INSERT INTO mail (kind, about, recipient, message_id, created_at, due_at, attempts, last_answer)
           VALUES ($1, $2, $3, $4, now(), coalesce($5, now()), 0, '')""",
        kind,
        about,
        recipient,
        new_message_id(),
        due_at,
    )


async def owe_all(mails: list[tuple[str, int, str]]) -> None:
    """As :func:`owe`, for many (kind, about, recipient) in one statement."""
    if mails:
        kinds, about, recipients = (list(column) for column in zip(*mails, strict=True))
        await database.execute(
            """INSERT INTO mail (kind, about, recipient, message_id, created_at, due_at, attempts, last_answer)
               SELECT kind, about, recipient, message_id, now(), now(), 0, ''
               FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
               AS owed (kind, about, recipient, message_id)""",
            kinds,
            about,
            recipients,
            [new_message_id() for _ in mails],
        )


def owing(kind: str, whom: str, domain: str, mailing: str = "NULL") -> str:
    """SQL that owes mail to every ``id`` and ``email`` of ``whom``; all are SQL, such as the place of a value.

    For statements that write those rows in the same breath, and know their ids only then. ``domain`` is ours.
    """
    return f"""
        INSERT INTO mail (kind, about, mailing, recipient, message_id, created_at, due_at, attempts, last_answer)
        SELECT {kind}, id, {mailing}, email,
            '<' || replace(gen_random_uuid()::text, '-', '') || '@' || {domain} || '>', now(), now(), 0, ''
        FROM {whom}"""  # noqa: S608 - it is given our own words.


def new_message_id() -> str:
    """A Message-ID for life (RFC 5322 §3.6.4)."""
    return f"<{uuid4().hex}@{settings.mail_domain}>"


def bounce_address(mail_id: int) -> str:
    """Where a message is sent from on its envelope (RFC 5321 §4.5.5), so that what comes back names it."""
    return f"{BOUNCES}{tokens.address_token(BOUNCES, mail_id)}@{settings.mail_domain}"


def mail_behind(address: str) -> int | None:
    """The message that a bounce to ``address`` is about, upper or lower case; None when it is not ours."""
    local, _, domain = address.strip().lower().rpartition("@")
    if domain != settings.mail_domain.lower() or not local.startswith(BOUNCES):
        return None
    return tokens.read_address_token(BOUNCES, local.removeprefix(BOUNCES))


async def came_back(mail_id: int) -> None:
    """A message that was taken has been returned, since there is no such mailbox."""
    owed = await Mail.objects().where(Mail.id == mail_id).first()
    if owed and owed.recipient:
        await _tell_undeliverable(owed.recipient)


async def _tell_undeliverable(recipient: str) -> None:
    for told in _when_undeliverable:
        await told(recipient)


@job(queue="mail")
async def send_mail(mail_id: int, lease: str) -> None:
    """Send one owed message, if it is still ours to send."""
    await _send_if_ours(mail_id, lease)


@job(queue="bulk", priority=10)
async def send_one_of_many(mail_id: int, lease: str) -> None:
    """As :func:`send_mail`, for one of many: a worker takes it when nobody waits for a message of their own."""
    await _send_if_ours(mail_id, lease)


async def _send_if_ours(mail_id: int, lease: str) -> None:
    if await leases.take("mail", mail_id, lease):
        owed = await Mail.objects().where(Mail.id == mail_id).first()
        if owed and not owed.sent_at:
            await _try_to_send(owed)


async def _try_to_send(owed: Mail) -> None:
    """A message that we cannot even write is our bug: it waits longer each time, like any other trouble."""
    try:
        await _send(owed)
    except Unavailable:
        raise
    except Exception as bug:
        log.exception("Mail %s of kind %s could not be written.", owed.id, owed.kind)
        await _postpone(owed, f"Could not be written: {type(bug).__name__}")


async def _send(owed: Mail) -> None:
    which = (owed.about, owed.mailing) if owed.mailing else (owed.about,)
    composed = await _composers[owed.kind](*which)
    if composed is None or composed.only_to.casefold() not in {"", owed.recipient.casefold()}:
        await _finish(owed, sent=False, answer=NOTHING_LEFT)
        return
    message = _message(owed, composed)
    try:
        answer = await mail.hand_over(message, bounce_address(owed.id), owed.recipient)
    except mail.Rejected as refusal:
        await _finish(owed, sent=False, answer=f"{refusal.code} {refusal.text}")
        if mail.is_nobody(refusal.code, refusal.text):
            await _tell_undeliverable(owed.recipient)
    except mail.HeldBack as barrier:
        await _finish(owed, sent=False, answer=str(barrier))
    except mail.Crowded as crowd:
        await _wait(owed, FIRST_WAIT, owed.attempts, str(crowd))
    except (mail.Postponed, mail.Unclear) as delay:
        await _postpone(owed, str(delay))
    else:
        await _finish(owed, sent=True, answer=f"{answer.code} {answer.text}")


def _message(owed: Mail, composed: Composed) -> EmailMessage:
    """Plain text first, HTML beside it; the template's first line is the subject."""
    context = composed.context | {"recipient": owed.recipient}
    subject, _, text = pages.render(f"{composed.template}.txt", **context).partition("\n")
    message = mail.blank(owed.message_id)
    message["From"] = composed.sender or settings.mail_from
    message["To"] = owed.recipient
    message["Subject"] = subject.removeprefix("Subject:").strip()
    for name, value in ({"Auto-Submitted": "auto-generated"} | composed.headers).items():
        message[name] = value
    message.set_content(text.strip() + "\n", cte="quoted-printable")
    message.add_alternative(pages.render(f"{composed.template}.html", **context), subtype="html")
    for file in composed.files:
        maintype, _, subtype = file.type.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return message


async def _finish(owed: Mail, sent: bool, answer: str) -> None:
    ended = Mail.sent_at if sent else Mail.dead_at
    await Mail.update(
        {ended: datetime.now(UTC), Mail.attempts: owed.attempts + 1, Mail.last_answer: answer[:500]}
    ).where(Mail.id == owed.id)


async def _postpone(owed: Mail, answer: str) -> None:
    """Wait longer each time, from ten seconds to an hour; give up after four days (RFC 5321 §4.5.4.1)."""
    if datetime.now(UTC) - owed.created_at > GIVE_UP_AFTER:
        await _finish(owed, sent=False, answer=answer)
        return
    await _wait(owed, min(FIRST_WAIT * 2 ** min(owed.attempts, 9), LONGEST_WAIT), owed.attempts + 1, answer)


async def _wait(owed: Mail, wait: timedelta, attempts: int, answer: str) -> None:
    await Mail.update(
        {
            Mail.due_at: datetime.now(UTC) + wait,
            Mail.leased_until: None,
            Mail.attempts: attempts,
            Mail.last_answer: answer[:500],
        }
    ).where(Mail.id == owed.id)


MOST_OF_MANY = 200
OWED = leases.Owed("mail", f"{DUE} AND mailing IS NULL", send_mail.send)
OWED_TO_MANY = leases.Owed("mail", f"{DUE} AND mailing IS NOT NULL", send_one_of_many.send, MOST_OF_MANY)
"""Lent apart and few at a time, so that a million of them stand in nobody's way."""
