"""What people type when they write."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from undersigned.kit.forms import saying
from undersigned.letters import arranging, leftover
from undersigned.letters.template import LetterTemplate
from undersigned.postcodes.postcode import Postcode
from undersigned.supporters import addresses, names


def parse_postcode(text: object) -> Postcode:
    """A full postcode; an empty field gets its own sentence."""
    if isinstance(text, Postcode):
        return text
    if not str(text or "").strip():
        raise ValueError("Enter your postcode, such as M1 1AA.")
    parsed: Postcode = saying(Postcode.parse)(text)
    return parsed


Home = Annotated[Postcode, BeforeValidator(parse_postcode)]
LOOSE = ConfigDict(arbitrary_types_allowed=True, extra="ignore")


class PostcodeForm(BaseModel):
    """Where somebody lives."""

    model_config = LOOSE

    postcode: Home = Field(default="", validate_default=True)


class WriteForm(BaseModel):
    """A letter in the making: who writes, what they have to say, and what they made of the template's blocks.

    ``sure`` names the questions that the writer has answered with yes. The fields stand in the order of the page,
    which is that of its mistakes.
    """

    model_config = LOOSE

    name: Annotated[str, BeforeValidator(saying(names.parse))] = Field(default="", validate_default=True)
    email: Annotated[str, BeforeValidator(saying(addresses.parse))] = Field(default="", validate_default=True)
    address: str = Field(default="", validate_default=True)
    postcode: Home = Field(default="", validate_default=True)
    reply_to: Literal["me", "tracked"] = "me"
    constituency: str = ""
    answers: dict[str, str] = Field(default_factory=dict)
    kept_blocks: list[str] = Field(default_factory=list)
    block_order: list[str] = Field(default_factory=list)
    edits: dict[str, str] = Field(default_factory=dict)
    sure: list[str] = Field(default_factory=list)

    @field_validator("address", mode="before")
    @classmethod
    def real_address(cls, value: object) -> str:
        lines = [" ".join(line.split()) for line in str(value or "").replace(",", "\n").splitlines()]
        address = "\n".join(line for line in lines if line)
        if not address:
            raise ValueError("Enter your postal address. An MP's office checks it before it answers anybody.")
        if len(address) > 300 or len(address) < 6:
            raise ValueError("Enter your address as it would stand on an envelope.")
        return address

    @field_validator("reply_to", mode="before")
    @classmethod
    def known_choice(cls, value: object) -> str:
        return "tracked" if value == "tracked" else "me"


def gathered(typed: Mapping[str, str], chosen: LetterTemplate) -> dict[str, Any]:
    """What was typed on the sheets, by prompt and by block, and what was written for those that are gone."""
    changed = arranging.edits(typed, chosen.blocks)
    kept = [block.name for block in chosen.blocks if typed.get(f"keep_{block.name}")]
    answers = {p.name: typed[f"prompt_{p.name}"] for p in chosen.prompts if typed.get(f"prompt_{p.name}")}
    return {
        **typed,
        "answers": answers | leftover.of(typed, chosen),
        "kept_blocks": [name for name in kept if changed.get(name, name).strip()],
        "block_order": arranging.order(typed.get("order", "").split(), chosen.blocks),
        "edits": {name: text for name, text in changed.items() if text.strip()},
        "sure": re.findall("[a-z-]+", typed.get("sure", ""))[:10],
    }


def unfinished(values: Mapping[str, Any]) -> WriteForm:
    """The same without asking whether it is right: a letter that somebody wants to go on with later."""
    return WriteForm.model_construct(
        name=values.get("name", "")[:100],
        email=values.get("email", "")[:254],
        address=values.get("address", "")[:300],
        postcode=values.get("postcode", "")[:10],
        reply_to="tracked" if values.get("reply_to") == "tracked" else "me",
        constituency=values.get("constituency", ""),
        **{name: values[name] for name in ("answers", "kept_blocks", "block_order", "edits", "sure")},
    )
