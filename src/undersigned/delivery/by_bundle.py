"""Many letters in one e-mail: who wrote, how to answer each of them, and one PDF of them all."""

import tempfile
from email.message import EmailMessage
from pathlib import Path

from undersigned.delivery import addresses, by_email, switch
from undersigned.kit import mail, pages
from undersigned.kit.smtp import BeforeData
from undersigned.letters import bundling, sheet
from undersigned.letters.tables import Bundle, Letter
from undersigned.settings import settings


async def send(message: EmailMessage, bundle: Bundle, recipient: str, before_data: BeforeData) -> mail.Answer:
    """Hand the mail over once. Raises Postponed, Rejected or Unclear from kit.mail.

    In a demo it stays in the Maildir, whatever MAIL_URL says.
    """
    sender = addresses.tracked_bundle(bundle.id)
    if settings.demo:
        return await mail.into_maildir(mail.maildir_path(), message, sender, recipient)
    return await mail.hand_over(message, sender, recipient, before_data)


async def compose(bundle: Bundle, letters: list[Letter], mode: str, recipient: str) -> EmailMessage:
    """What an MP's office sees: like a letter it has one Message-ID for life. Raises PdfUnavailable.

    Whoever answers it answers all at once, so it says how to answer one writer alone, as each has chosen.
    """
    live = mode == switch.LIVE and not settings.demo
    mp_name, many = sheet.of(letters[0]).recipient[0], len(letters)
    constituency, content = await _laid_out(letters)
    message = mail.blank(bundle.message_id)
    message["From"] = mail.mailbox(settings.site_name, addresses.tracked_bundle(bundle.id))
    message["To"] = mail.mailbox(mp_name if live else f"{mp_name} (rehearsal)", recipient)
    subject = pages.render("delivery/bundle_subject.txt", many=many, campaign=letters[0].campaign).strip()
    message["Subject"] = subject if live else f"[Rehearsal] {subject}"
    if not live:
        message["X-Undersigned-Rehearsal"] = "yes"
    text = pages.render(
        "delivery/bundle.txt",
        campaign=letters[0].campaign,
        mp=letters[0].representative,
        constituency=constituency,
        writers=[(sheet.of(letter), letter, answers_to(letter)) for letter in letters],
    )
    message.set_content(
        text if live else by_email.REHEARSAL_BANNER.format(mp=mp_name) + text, cte="quoted-printable"
    )
    message.add_attachment(content, maintype="application", subtype="pdf", filename="letters.pdf")
    return message


def answers_to(letter: Letter) -> str:
    """Where an answer to one writer goes: their own mailbox, or through us if that is what they chose."""
    return letter.email if letter.reply_to == "me" else addresses.tracked(letter.id)


async def _laid_out(letters: list[Letter]) -> tuple[str, bytes]:
    """The name of the constituency, and the PDF with a cover."""
    rows = await bundling.some([letter.id for letter in letters])
    with tempfile.TemporaryDirectory(prefix="undersigned-day-") as folder:
        file = Path(folder) / "letters.pdf"
        await bundling.lay_out(letters[0].campaign, rows, file)
        return rows[0]["constituency"], file.read_bytes()
