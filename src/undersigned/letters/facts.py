"""What a letter may say of its writer, its reader and the campaign: the value of every merge field."""

from datetime import UTC, datetime

from undersigned.campaigns.tables import Campaign
from undersigned.kit.days import LONDON
from undersigned.letters import languages, merging
from undersigned.letters.template import LetterTemplate
from undersigned.representatives.seats import Seat
from undersigned.signatures.tables import Tally

Facts = dict[str, str]


def language_of(campaign: Campaign, chosen: LetterTemplate) -> str:
    """The letter's own language, else the campaign's."""
    return chosen.language or str(campaign.language)


async def of(campaign: Campaign, name: str, address: str, postcode: str, seat: Seat, language: str) -> Facts:
    """Every field for a letter to a seat that has a member. Each is one line of text, and only text."""
    assert seat.mp is not None
    local = (await Tally.shown(campaign.id, "constituency")).get(seat.gss_code, 0)
    layout = languages.of(language)
    many = f"{local:,}" if local else layout.few
    found = {
        "supporter.name": name,
        "supporter.address": address.replace("\n", ", "),
        "supporter.postcode": postcode,
        "representative.name": seat.mp.display_name,
        "representative.salutation": layout.greeted(seat.mp.salutation),
        "constituency.name": seat.constituency,
        "constituency.signatures": many,
        "constituency.figure": layout.figure(many, seat.constituency),
        "campaign.title": campaign.title,
        "campaign.signatures": f"{campaign.signature_count:,}",
        "date": layout.day(datetime.now(UTC).astimezone(LONDON).date()),
    }
    return {field: merging.one_line(value) for field, value in found.items()}
