"""On A4: a poster with the ask as big as the sheet allows, and a sheet for names, both with a square to scan."""

from urllib.parse import quote

import segno

from undersigned.campaigns.tables import Campaign
from undersigned.kit import pages, pdf
from undersigned.posters import colours
from undersigned.settings import ROOT, settings
from undersigned.supporters import consents

SHARED = ROOT / "letters" / "shared"
STYLES = "posters.css"
ROWS = 14
MOST_CHARACTERS = 330
SIZES = ((14, 128), (40, 84), (70, 66), (100, 55), (150, 45))
"""Up to so many characters an ask is set in so many points."""


async def poster(campaign: Campaign) -> bytes:
    """The poster as a tagged PDF. Raises PdfUnavailable."""
    fits = len(campaign.ask) + len(campaign.summary) <= MOST_CHARACTERS
    html = _html(
        "letters_shared/poster.html", campaign, size=_size(campaign.ask), why=campaign.summary if fits else ""
    )
    return await pdf.rendered(html, SHARED, STYLES)


async def sheet(campaign: Campaign) -> bytes:
    """A sheet for names, with the words that they agree to, as a tagged PDF. Raises PdfUnavailable."""
    html = _html("letters_shared/names.html", campaign, consent=consents.to_sign(campaign), rows=ROWS)
    return await pdf.rendered(html, SHARED, STYLES)


def _html(template: str, campaign: Campaign, **more: object) -> str:
    address = f"{settings.base_url}/c/{campaign.id}"
    square = segno.make(address, error="m").svg_data_uri(border=0, dark=colours.INK)
    return pages.render(
        template,
        campaign=campaign,
        seal=colours.seal(campaign.theme),
        square=str(square),
        stroke=_stroke(colours.seal(campaign.theme)),
        address=address.partition("://")[2],
        **more,
    )


def _stroke(seal: str) -> str:
    """The hand-drawn line in the colour of the seal, as a data URI."""
    drawn = (SHARED / "stroke.svg").read_text(encoding="utf-8").replace(colours.SEALS["vermilion"], seal)
    return f"data:image/svg+xml,{quote(drawn)}"


def _size(ask: str) -> int:
    return next((size for longest, size in SIZES if len(ask) <= longest), SIZES[-1][1])
