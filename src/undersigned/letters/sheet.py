"""The letter as a page: one description that the preview, the e-mail and the PDF are all made from."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime

from markupsafe import Markup

from undersigned.kit import days, pages, pdf
from undersigned.letters.tables import Letter
from undersigned.letters.template import FOLDER
from undersigned.settings import settings

COMMONS = ("House of Commons", "London", "SW1A 0AA")


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on the page. A paragraph is its text, and whether it is the writer's own."""

    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    dated: date
    subject: str
    salutation: str
    paragraphs: tuple[tuple[str, bool], ...]
    signed: str
    foot: str

    def as_text(self) -> str:
        """The letter as plain text: the body of the e-mail."""
        parts = [
            f"Dear {self.salutation},",
            *(text for text, _ in self.paragraphs),
            "Yours sincerely,",
            self.signed,
            "\n".join(self.sender),
        ]
        return "\n\n".join(parts) + "\n"

    def as_html(self) -> Markup:
        """The page as HTML, in the order of the paper, the writer's own words marked."""
        body = Markup("").join(_paragraph(text, own) for text, own in self.paragraphs)
        opening = Markup('<p>{}</p><p>Dear {},</p><p class="letter__subject">{}</p>').format(
            pages.day(self.dated), self.salutation, self.subject
        )
        return opening + body + Markup("<p>Yours sincerely,<br>{}</p>").format(self.signed)

    async def as_pdf(self) -> bytes:
        """The letter on paper. Raises PdfUnavailable without Pango."""
        html = pages.render("letters_shared/letter.html", sheet=self)
        return await asyncio.to_thread(pdf.render, html, FOLDER / "shared")


def _paragraph(text: str, own: bool) -> Markup:
    if own:
        return Markup('<p><mark class="own">{}</mark></p>').format(text)
    return Markup("<p>{}</p>").format(text)


def of(letter: Letter) -> Sheet:
    """The sheet of a letter whose representative is filled in."""
    mp = letter.representative
    when: datetime = letter.sent_at or datetime.now(UTC)
    return Sheet(
        sender=(*letter.address.split("\n"), letter.postcode),
        recipient=(mp.named, *COMMONS),
        dated=when.astimezone(days.LONDON).date(),
        subject=letter.subject,
        salutation=mp.salutation,
        paragraphs=tuple((part["text"], part["own"]) for part in letter.parts),
        signed=letter.name,
        foot=f"Written by {letter.name} and sent through {settings.site_name}.",
    )
