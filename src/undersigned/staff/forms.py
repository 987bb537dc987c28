"""What staff type: an address to sign in with, a letter for held mail, a turn of the delivery switch."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from undersigned.kit.errors import Refused
from undersigned.kit.forms import saying

LONGEST_ADDRESS = 254
LARGEST_NUMBER = 2**63 - 1


class NotAnAnswer(Refused):
    """Not something this field can take."""


def _address(text: str) -> str:
    """Loose on purpose: an address that is nobody's gets the same answer as one that is."""
    if "@" not in text or len(text) > LONGEST_ADDRESS or not text.isprintable():
        raise NotAnAnswer("Enter your e-mail address, in the form name@example.com.")
    return text.lower()


def _letter_number(text: str) -> int:
    digits = text.removeprefix("#").strip()
    if not (digits.isascii() and digits.isdigit()) or int(digits) > LARGEST_NUMBER:
        raise NotAnAnswer("Enter the number of a letter, such as 1043.")
    return int(digits)


class SignInForm(BaseModel):
    """Where to send a one-time link."""

    email: Annotated[str, BeforeValidator(saying(_address))] = Field(default="", validate_default=True)


class PlaceForm(BaseModel):
    """The letter that held mail answers."""

    letter: Annotated[int, BeforeValidator(saying(_letter_number))] = Field(default="", validate_default=True)


class SwitchForm(BaseModel):
    """Where letters go from now on; going live asks for the word itself."""

    mode: Literal["rehearsal", "live", "stop"] = Field(
        json_schema_extra={"missing": "Choose where letters go from now on."}
    )
    reason: str = Field(default="", max_length=500, json_schema_extra={"long": "Use at most 500 characters."})
    word: str = Field(default="", validate_default=True)

    @field_validator("word")
    @classmethod
    def live_is_typed(cls, word: str, chosen: ValidationInfo) -> str:
        if chosen.data.get("mode") == "live" and word.lower() != "live":
            raise ValueError("Type the word live: letters will go to real representatives.")
        return word
