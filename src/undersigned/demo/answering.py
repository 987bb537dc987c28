"""Reply as the MP: a real message through the real mailroom, so that a demo shows the whole round trip."""

import asyncio
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, localtime, make_msgid

import aiosmtplib

from undersigned.delivery import addresses
from undersigned.demo.inbox import Mailed
from undersigned.kit.errors import Missing, Refused, Unavailable
from undersigned.kit.pages import moment
from undersigned.letters.tables import Letter
from undersigned.settings import settings

LONGEST = 10_000
SECONDS = 20
KINDS = {
    "answer": "An answer, in their own words",
    "acknowledgement": "An acknowledgement: we have your letter",
    "out_of_office": "An automatic reply: out of the office",
    "bounce": "A bounce: no such mailbox",
}
WORDS = {
    "answer": (
        "Thank you for writing to me about this. I have read what you say with care, and I agree that it "
        "matters here. I will raise it with the minister and write to you again when I have an answer."
    ),
    "acknowledgement": (
        "Thank you for contacting the office. This is to confirm that we have received your e-mail. We "
        "receive a great many every week and aim to respond within 15 working days. Please make sure that "
        "you have given your full postal address."
    ),
    "out_of_office": (
        "I am out of the office until Monday and will not be reading e-mail. I will reply when I return."
    ),
    "bounce": "",
}


class NothingToReplyTo(Refused):
    """Only letters to representatives can be replied to."""


async def reply(mailed: Mailed, kind: str, text: str) -> None:
    """Answer a letter in the inbox as its reader would, over SMTP to our own mailroom.

    Without ``text`` the usual words of that ``kind`` are used. Raises NothingToReplyTo, Missing when the
    letter has gone, or Unavailable when the mailroom does not answer.
    """
    if mailed.letter_id is None or kind not in KINDS:
        raise NothingToReplyTo("Only a letter to an MP can be replied to here.")
    letter = await Letter.whole(mailed.letter_id)
    if letter is None:
        raise Missing("This letter has been removed.")
    words = text[:LONGEST] or WORDS[kind]
    message = bounce_of(letter, mailed) if kind == "bounce" else reply_to(letter, mailed, kind, words)
    sender = "" if kind == "bounce" else address_of(letter)
    await _send(message, sender, addresses.tracked(letter.id))


def address_of(letter: Letter) -> str:
    """Where the MP of a letter reads mail; an invented office when they have no address."""
    return letter.representative.email or "office@example.org"


def reply_to(letter: Letter, mailed: Mailed, kind: str, words: str) -> EmailMessage:
    """What the MP's office would send back, with the letter quoted below as mail programs do."""
    subject = {"out_of_office": "Automatic reply: ", "acknowledgement": "Automatic acknowledgement: "}
    message = EmailMessage()
    message["From"] = formataddr((letter.representative.named, address_of(letter)))
    message["To"] = formataddr((letter.name, addresses.tracked(letter.id)))
    message["Subject"] = f"{subject.get(kind, 'Re: ')}{letter.subject}"
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=address_of(letter).rpartition("@")[2])
    message["In-Reply-To"] = message["References"] = letter.message_id
    if kind != "answer":
        message["Auto-Submitted"] = "auto-replied"
    signed = f"{words.strip()}\n\n{letter.representative.named}\n"
    message.set_content(signed if kind == "out_of_office" else f"{signed}\n{_quoted(letter, mailed)}")
    return message


def _quoted(letter: Letter, mailed: Mailed) -> str:
    head = f"On {moment(mailed.line.at)}, {letter.name} <{addresses.tracked(letter.id)}> wrote:"
    return "\n".join([head, "", *(f"> {line}".rstrip() for line in mailed.text.splitlines())]) + "\n"


def bounce_of(letter: Letter, mailed: Mailed) -> MIMEMultipart:
    """A report that the mailbox does not exist, as a mail server writes it (RFC 3464, status 5.1.1)."""
    mta = address_of(letter).rpartition("@")[2]
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@{mta}>"
    report["To"] = addresses.tracked(letter.id)
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(localtime())
    report["Message-ID"] = make_msgid(domain=mta)
    report["Auto-Submitted"] = "auto-replied"
    said = f"Your message could not be delivered to <{address_of(letter)}>."
    report.attach(MIMEText(f"{said}\n\nThe mail system said: 550 5.1.1 User unknown\n"))
    report.attach(_delivery_status(address_of(letter), mta))
    report.attach(_returned_headers(mailed.message))
    return report


def _delivery_status(recipient: str, mta: str) -> MIMEBase:
    about_message, about_recipient = Message(), Message()
    about_message["Reporting-MTA"] = f"dns; {mta}"
    about_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    about_recipient["Action"] = "failed"
    about_recipient["Status"] = "5.1.1"
    about_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 User unknown"
    status = MIMEBase("message", "delivery-status")
    status.set_payload([about_message, about_recipient])
    return status


def _returned_headers(message: EmailMessage) -> MIMEText:
    """The letter's headers alone: a mail server need not return what somebody wrote (RFC 3462 §2)."""
    lines = [f"{name}: {' '.join(str(value).split())}" for name, value in message.items()]
    return MIMEText("\n".join(lines) + "\n", "rfc822-headers")


async def _send(message: Message, sender: str, recipient: str) -> None:
    try:
        async with asyncio.timeout(SECONDS), _mailroom() as server:
            await server.mail(sender)
            await server.rcpt(recipient)
            await server.data(message.as_bytes())
    except (OSError, TimeoutError, aiosmtplib.SMTPException) as error:
        raise Unavailable("The mailroom does not answer: is `undersigned mailroom` running?") from error


def _mailroom() -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=settings.mailroom_host,
        port=settings.mailroom_port,
        use_tls=False,
        start_tls=False,
        local_hostname="example.org",
        timeout=SECONDS,
    )
