"""One draft open in two pages: whoever saves second is told, and sees both texts."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from undersigned.kit.errors import Refused
from undersigned.letters import arranging
from undersigned.letters.tables import Letter
from undersigned.letters.template import LetterTemplate

FIELDS = {
    "name": "Your full name",
    "email": "E-mail address",
    "address": "Your address, as on an envelope",
    "postcode": "Postcode",
}
REPLIES = {"me": "Straight to me", "tracked": "To me and the campaign"}
_TYPED = (*FIELDS, "constituency", "reply_to", "kept_blocks", "block_order")


class ChangedElsewhere(Refused):
    """The letter was changed in another page since this one was opened; ``letter`` is as it stands now."""

    def __init__(self, letter: Letter) -> None:
        super().__init__("This letter was changed in another tab or on another device. Nothing is lost.")
        self.letter = letter


@dataclass(frozen=True)
class OpenPage:
    """The page that a form comes from, and the letter as it was when that page got it.

    ``seen`` is a :func:`version`, empty where there was no letter yet, and None in a form that does not say.
    """

    mark: str = ""
    seen: str | None = None

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "OpenPage":
        """What a form says of its page."""
        mark = typed.get("page", "")
        return cls(mark if re.fullmatch("[0-9a-f]{16}", mark) else "", typed.get("version"))

    def check(self, letter: Letter) -> None:
        """Raises ChangedElsewhere when this page would write over what it has never shown.

        What it saved last itself is no news to it, even if it never heard that it was saved.
        """
        own = self.mark and letter.edited_in == self.mark
        if self.seen is not None and not own and self.seen != version(letter):
            raise ChangedElsewhere(letter)


def new_page() -> str:
    """A mark for a page that is shown now."""
    return secrets.token_hex(8)


def version(letter: Letter) -> str:
    """A few letters that stand for everything that was typed into a draft."""
    typed = [getattr(letter, field) for field in _TYPED]
    return arranging.mark(json.dumps([typed, letter.given_answers, letter.given_edits], sort_keys=True))


def differences(letter: Letter, mine: Mapping[str, Any], chosen: LetterTemplate) -> list[tuple[str, str]]:
    """What stands in ``letter`` and not in the form, ``mine`` as :func:`forms.gathered` has it: label and text."""
    questions = {prompt.name: prompt.question for prompt in chosen.prompts}
    places = {block.name: f"Your version of paragraph {place}" for place, block in enumerate(chosen.blocks, 1)}
    found = [
        *_changed(letter.given_answers, mine["answers"], questions, "What you wrote before"),
        *_changed(letter.given_edits, mine["edits"], places, "Your version of a paragraph"),
        *_changed({field: getattr(letter, field) for field in FIELDS}, mine, FIELDS, ""),
    ]
    if (letter.kept_blocks, letter.block_order) != (mine["kept_blocks"], mine["block_order"]):
        found.append(("The campaign’s paragraphs", "It keeps others, or has them in another order."))
    if letter.reply_to != mine.get("reply_to", letter.reply_to):
        found.append(("Where should the answer go?", REPLIES[letter.reply_to]))
    if letter.constituency != mine.get("constituency", letter.constituency):
        found.append(("Your constituency", "It is for another one."))
    return found


def _changed(
    theirs: Mapping[str, str], mine: Mapping[str, Any], labels: Mapping[str, str], otherwise: str
) -> list[tuple[str, str]]:
    names = dict.fromkeys((*labels, *theirs))
    pairs = [(name, str(theirs.get(name, "")), str(mine.get(name, ""))) for name in names]
    return [
        (labels.get(name, otherwise), text)
        for name, text, own in pairs
        if text.replace(",", " ").split() != own.replace(",", " ").split()
    ]
