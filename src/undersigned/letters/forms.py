"""What people type when they write."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, field_validator

from undersigned.kit.forms import saying
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


class PostcodeForm(BaseModel):
    """Where somebody lives."""

    postcode: Annotated[Postcode, BeforeValidator(parse_postcode)] = Field(
        default="",
        validate_default=True,
    )

    model_config = {"arbitrary_types_allowed": True, "extra": "ignore"}


class WriteForm(PostcodeForm):
    """A letter in the making: who writes, and what they have to say."""

    name: Annotated[str, BeforeValidator(saying(names.parse))] = Field(default="", validate_default=True)
    email: Annotated[str, BeforeValidator(saying(addresses.parse))] = Field(default="", validate_default=True)
    address: str = Field(default="", validate_default=True)
    reply_to: Literal["me", "tracked"] = "me"
    constituency: str = ""
    answers: dict[str, str] = Field(default_factory=dict)
    kept_blocks: list[str] = Field(default_factory=list)

    @field_validator("address", mode="before")
    @classmethod
    def real_address(cls, value: object) -> str:
        lines = [" ".join(line.split()) for line in str(value or "").replace(",", "\n").splitlines()]
        address = "\n".join(line for line in lines if line)
        if not address:
            raise ValueError("Enter your postal address. MPs reply only to people they represent.")
        if len(address) > 300 or len(address) < 6:
            raise ValueError("Enter your address as it would stand on an envelope.")
        return address

    @field_validator("reply_to", mode="before")
    @classmethod
    def known_choice(cls, value: object) -> str:
        return "tracked" if value == "tracked" else "me"
