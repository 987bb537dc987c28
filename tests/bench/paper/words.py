"""Letters to measure with: the one about hate crime, each with other words of its writer's."""

from datetime import date
from typing import Any

from undersigned.letters import languages, merging, sheet, template, wording
from undersigned.letters.sheet import Sheet

FACTS = {
    "supporter.name": "Amina Rahman",
    "supporter.address": "12 Clough Bank, Bury",
    "supporter.postcode": "BL9 0SW",
    "representative.name": "Harriet Vale",
    "representative.salutation": "Ms Vale",
    "constituency.name": "Bury North",
    "constituency.signatures": "212",
    "constituency.figure": "212 people in Bury North have signed",
    "campaign.title": "Our Street Too",
    "campaign.signatures": "4,183",
    "date": "27 November 2026",
}
OWN = (
    "My daughter is nine. In March a man on the number {} bus told her to go home, and she told him, quite "
    "politely, that it was two more stops. She has not wanted to take the bus since, and I have not known what "
    "to say to her."
)


def merged(number: int) -> tuple[wording.Paragraph, ...]:
    """The whole letter of writer ``number``, merged."""
    facts = FACTS | {"supporter.name": f"Amina Rahman {number}"}
    found: list[wording.Paragraph] = []
    for block in template.load("hate-crime").for_variant("no_votes"):
        if block.name == template.OWN_WORDS:
            found.append(wording.Paragraph(((OWN.format(number), ""),), own=True))
        else:
            found += [paragraph.merged(lambda text: merging.merge(text, facts)) for paragraph in block.wording]
    return tuple(found)


def parts(number: int) -> list[dict[str, Any]]:
    """The same as a letter's row keeps it."""
    return [paragraph.as_part() for paragraph in merged(number)]


def page(number: int) -> Sheet:
    """The same as a page."""
    return Sheet(
        sender=(f"{number} Clough Bank", "Bury", "BL9 0SW"),
        recipient=("Rt Hon Harriet Vale MP", *sheet.COMMONS),
        dated=date(2026, 11, 27),
        subject="Hate crime in Bury North: three questions for our police force",
        salutation="Ms Vale",
        paragraphs=merged(number),
        signed=f"Amina Rahman {number}",
        foot=languages.ENGLISH.foot.format(name=f"Amina Rahman {number}", site="Undersigned"),
    )
