"""The letter as it would be read now, for whoever is still writing it; nothing of it is kept."""

import json
from dataclasses import dataclass

from undersigned.campaigns.tables import Campaign
from undersigned.kit.forms import Form, Mistakes
from undersigned.letters import composing, facts, sheet, versions
from undersigned.letters.forms import gathered, unfinished
from undersigned.letters.sheet import Sheet
from undersigned.letters.tables import Letter
from undersigned.letters.template import LetterTemplate
from undersigned.representatives.seats import Seat

YOUR_OWN = "Your own words will stand here."
MISSING = {"name": "[your name]", "address": "[your address]", "postcode": "[your postcode]"}


@dataclass(frozen=True)
class SoFar:
    """What stands beside the form: a sheet, or why there is none."""

    to_name: str
    page: Sheet | None = None
    why: str = ""


async def of(campaign: Campaign, form: Form, seat: Seat) -> SoFar:
    """The letter of what was typed, with something in the place of what is still missing."""
    assert seat.mp is not None
    chosen = await versions.load(campaign.letter)
    typed = unfinished(gathered(form.values, chosen))
    said = any(text.strip() for text in typed.answers.values())
    known = {name: getattr(typed, name) or words for name, words in MISSING.items()}
    shown = typed.model_copy(update=known | ({} if said else {"answers": _own_words(chosen)}))
    try:
        composition = await composing.compose(campaign, chosen, shown, seat)
    except Mistakes as mistakes:
        return SoFar(seat.mp.named, why=next(iter(mistakes.form.errors.values())))
    letter = Letter(_ignore_missing=True)
    letter.name, letter.address, letter.postcode = known["name"], known["address"], known["postcode"]
    letter.campaign, letter.representative = campaign, seat.mp
    letter.subject, letter.paragraphs = composition.subject, json.dumps(composition.paragraphs)
    letter.language = facts.language_of(campaign, chosen)
    return SoFar(seat.mp.named, sheet.of(letter))


def _own_words(chosen: LetterTemplate) -> dict[str, str]:
    """Something in the place of what has not been said yet."""
    return {chosen.prompts[0].name: YOUR_OWN} if chosen.prompts else {}
