"""A letter by e-mail: From is the letter's tracked address, so that replies and bounces both come home."""

from collections.abc import Awaitable, Callable
from email.message import EmailMessage

from undersigned.delivery import addresses, switch
from undersigned.kit import mail
from undersigned.kit.mail import Answer
from undersigned.letters import sheet
from undersigned.letters.tables import Letter
from undersigned.settings import settings
from undersigned.staff import operator

REHEARSAL_BANNER = (
    "REHEARSAL. This letter is for {mp}. Nothing has been sent to them: letters leave only after a member of "
    "staff has switched delivery to live.\n\n" + "-" * 72 + "\n\n"
)


async def recipient_of(letter: Letter, mode: str) -> str:
    """Where the envelope goes: to the representative when delivery is live, else to the operator."""
    if mode == switch.LIVE and not settings.demo:
        return str(letter.representative.email)
    return await operator.address()


async def send(letter: Letter, mode: str, recipient: str, before_data: Callable[[], Awaitable[None]]) -> Answer:
    """Hand the letter over once. Raises Postponed, Rejected or Unclear from kit.mail.

    In a demo letters stay in the Maildir, whatever MAIL_URL says.
    """
    message = compose(letter, mode, recipient, await _followed(letter))
    sender = addresses.tracked(letter.id)
    if settings.demo:
        return await mail.into_maildir(mail.maildir_path(), message, sender, recipient)
    return await mail.hand_over(message, sender, recipient, before_data)


async def _followed(letter: Letter) -> str:
    """The Message-ID of the letter that this one follows up on, or nothing."""
    if letter.follows is None:
        return ""
    first = await Letter.select(Letter.message_id).where(Letter.id == letter.follows).first()
    return str(first["message_id"]) if first else ""


def compose(letter: Letter, mode: str, recipient: str, followed: str = "") -> EmailMessage:
    """The message an MP's office sees: no Auto-Submitted, List-* or Precedence; one Message-ID for life.

    With ``followed``, a Message-ID, mail programs show it under that letter (RFC 5322 §3.6.4).
    """
    live = mode == switch.LIVE and not settings.demo
    tracked = addresses.tracked(letter.id)
    page = sheet.of(letter)
    mp_name = page.recipient[0]
    message = mail.blank(letter.message_id)
    message["From"] = mail.mailbox(page.signed, tracked)
    message["To"] = mail.mailbox(mp_name if live else f"{mp_name} (rehearsal)", recipient)
    if letter.reply_to == "me":
        message["Reply-To"] = mail.mailbox(page.signed, letter.email)
    if followed:
        message["In-Reply-To"] = message["References"] = followed
    message["Subject"] = page.subject if live else f"[Rehearsal] {page.subject}"
    if not live:
        message["X-Undersigned-Rehearsal"] = "yes"
    text = page.as_text()
    message.set_content(text if live else REHEARSAL_BANNER.format(mp=mp_name) + text, cte="quoted-printable")
    return message
