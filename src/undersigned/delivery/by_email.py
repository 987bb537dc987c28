"""A letter by e-mail: From is the letter's tracked address, so that replies and bounces both come home."""

from collections.abc import Awaitable, Callable
from email.message import EmailMessage

from undersigned.delivery import addresses, switch
from undersigned.kit import mail
from undersigned.kit.mail import Answer
from undersigned.letters import sheet
from undersigned.letters.tables import Letter
from undersigned.settings import settings
from undersigned.staff.tables import Staff

REHEARSAL_BANNER = (
    "REHEARSAL. This letter is for {mp}. Nothing has been sent to them: letters leave only after a member of "
    "staff has switched delivery to live.\n\n" + "-" * 72 + "\n\n"
)


async def recipient_of(letter: Letter, mode: str) -> str:
    """Where the envelope goes: to the representative when delivery is live, else to the operator."""
    if mode == switch.LIVE and not settings.demo:
        return str(letter.representative.email)
    return await operator()


async def operator() -> str:
    """Who reads rehearsals: OPERATOR_EMAIL, else the first owner, else our own address."""
    if settings.operator_email:
        return settings.operator_email
    owner = (
        await Staff.objects().where(Staff.role == "owner", Staff.disabled_at.is_null()).order_by(Staff.id).first()
    )
    return str(owner.email) if owner else mail.our_address()


async def send(letter: Letter, mode: str, recipient: str, before_data: Callable[[], Awaitable[None]]) -> Answer:
    """Hand the letter over once. Raises Postponed, Rejected or Unclear from kit.mail.

    In a demo letters stay in the Maildir, whatever MAIL_URL says.
    """
    message = compose(letter, mode, recipient)
    sender = addresses.tracked(letter.id)
    if settings.demo:
        return await mail.into_maildir(mail.maildir_path(), message, sender, recipient)
    return await mail.hand_over(message, sender, recipient, before_data)


def compose(letter: Letter, mode: str, recipient: str) -> EmailMessage:
    """The message an MP's office sees: no Auto-Submitted, List-* or Precedence; one Message-ID for life."""
    live = mode == switch.LIVE and not settings.demo
    tracked = addresses.tracked(letter.id)
    page = sheet.of(letter)
    mp_name = page.recipient[0]
    message = mail.blank(letter.message_id)
    message["From"] = mail.mailbox(page.signed, tracked)
    message["To"] = mail.mailbox(mp_name if live else f"{mp_name} (rehearsal)", recipient)
    if letter.reply_to == "me":
        message["Reply-To"] = mail.mailbox(page.signed, letter.email)
    message["Subject"] = page.subject if live else f"[Rehearsal] {page.subject}"
    if not live:
        message["X-Undersigned-Rehearsal"] = "yes"
    text = page.as_text()
    message.set_content(text if live else REHEARSAL_BANNER.format(mp=mp_name) + text, cte="quoted-printable")
    return message
