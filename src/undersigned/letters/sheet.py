"""The letter as a page: one description that the preview, the e-mail and the PDF are all made from."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import segno
from markupsafe import Markup

from undersigned.kit import days, fonts, pages, pdf
from undersigned.letters import languages, merging, wording
from undersigned.letters.languages import Layout
from undersigned.letters.tables import Letter
from undersigned.letters.template import FOLDER
from undersigned.letters.wording import Paragraph
from undersigned.settings import settings

COMMONS = ("House of Commons", "London", "SW1A 0AA")
SHARED = FOLDER / "shared"


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on the page. ``qr`` is an address for a square to scan, or nothing.

    ``mark`` is what the desk scans, in a square of its own where the page has none.
    """

    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    dated: date
    subject: str
    salutation: str
    paragraphs: tuple[Paragraph, ...]
    signed: str
    foot: str
    layout: Layout = field(default=languages.ENGLISH)
    qr: str = ""
    missing: tuple[str, ...] = ()
    mark: str = ""

    @property
    def day(self) -> str:
        """The date as it stands on the letter."""
        return self.layout.day(self.dated)

    @property
    def greeting(self) -> str:
        """The line that greets the reader."""
        return self.layout.dear.format(name=self.salutation)

    def as_text(self) -> str:
        """The letter as plain text: the body of the e-mail."""
        parts = [
            self.greeting,
            wording.as_text(self.paragraphs),
            self.layout.closing,
            self.signed,
            "\n".join(self.sender),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def as_html(self) -> Markup:
        """The page as HTML, in the order of the paper, the writer's own words marked."""
        opening = Markup('<p>{}</p><p>{}</p><p class="letter__subject">{}</p>').format(
            self.day, self.greeting, self.subject
        )
        body = wording.as_html(self.paragraphs, mark_own=True)
        return opening + body + Markup("<p>{}<br>{}</p>").format(self.layout.closing, self.signed)

    @property
    def body(self) -> Markup:
        """The paragraphs as they stand on paper."""
        return wording.as_html(self.paragraphs)

    @property
    def has_long_sender(self) -> bool:
        """Whether the sender's corner needs small type to stay clear of the words below it."""
        return len(self.signed) > 60 or sum(1 + len(line) // 28 for line in self.sender) > 7

    @property
    def qr_image(self) -> str:
        """The square, as a picture within the page."""
        return _square(self.mark or self.qr)

    @property
    def mark_image(self) -> str:
        """The square that only the desk has a use for."""
        return _square(self.mark)

    @property
    def qr_words(self) -> str:
        """What the square says, for whoever reads rather than scans."""
        return self.layout.qr.format(url=self.qr.split("://", 1)[-1])

    @property
    def missing_words(self) -> str:
        """Which characters a □ stands for, when this machine has no type for them."""
        names = ", ".join(f"U+{ord(character):04X}" for character in self.missing)
        return self.layout.missing.format(characters=names) if names else ""

    def on_paper(self) -> "Sheet":
        """The same sheet with a mark, and a line that explains it, for what cannot be printed here."""
        words = "".join((self.signed, *self.sender, *self.recipient, self.subject, self.salutation, self.foot))
        said = words + "".join(paragraph.text for paragraph in self.paragraphs)
        missing = fonts.unprintable(said, SHARED / "fonts")
        if not missing:
            return self

        def stand_in(text: str) -> str:
            return fonts.stand_in(text, missing)

        return replace(
            self,
            sender=tuple(map(stand_in, self.sender)),
            recipient=tuple(map(stand_in, self.recipient)),
            subject=stand_in(self.subject),
            salutation=stand_in(self.salutation),
            paragraphs=tuple(paragraph.merged(stand_in) for paragraph in self.paragraphs),
            signed=stand_in(self.signed),
            foot=stand_in(self.foot),
            missing=tuple(missing[:12]),
        )

    def as_paper_html(self) -> str:
        """The whole document that the PDF is made from."""
        return pages.render("letters_shared/letter.html", sheet=self.on_paper())

    async def as_pdf(self) -> bytes:
        """The letter on paper. Raises PdfUnavailable without Pango."""
        html = self.as_paper_html()
        return await pdf.rendered(html, SHARED, "letter.css")


def _square(address: str) -> str:
    return str(segno.make(address, error="m").svg_data_uri(border=0, dark="#17203A"))


def of(letter: Letter) -> Sheet:
    """The sheet of a letter whose campaign and representative are filled in; whatever the row holds is text."""
    mp = letter.representative
    when: datetime = letter.sent_at or datetime.now(UTC)
    layout = languages.of(letter.language)
    name = merging.one_line(letter.name)
    lines = (*merging.clean(letter.address).split("\n"), letter.postcode)
    return Sheet(
        sender=tuple(line for line in map(merging.one_line, lines) if line),
        recipient=(merging.one_line(mp.named), *COMMONS),
        dated=when.astimezone(days.LONDON).date(),
        subject=merging.one_line(letter.subject),
        salutation=merging.one_line(layout.greeted(mp.salutation)),
        paragraphs=tuple(wording.of_part(part).merged(merging.clean) for part in letter.parts),
        signed=name,
        foot=layout.foot.format(name=name, site=settings.site_name),
        layout=layout,
        qr=f"{settings.base_url}/c/{letter.campaign.id}" if letter.shows_qr else "",
    )
