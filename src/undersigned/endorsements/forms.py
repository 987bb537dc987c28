"""What somebody types to stand behind a campaign by name."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, field_validator

from undersigned.kit.forms import saying
from undersigned.supporters import addresses, hints, names

LONGEST_QUOTE = 500


class EndorseForm(BaseModel):
    """A name, and what its owner says. ``website`` is a trap: people never meet it, so only a program fills it in.

    ``asked_about`` is the address that we have asked about already, since it looks like a slip.
    """

    kind: Literal["person", "organisation"] = Field(
        json_schema_extra={"missing": "Choose whether you speak for yourself or for an organisation."}
    )
    name: Annotated[str, BeforeValidator(saying(names.parse))] = Field(default="", validate_default=True)
    role: str = Field(default="", max_length=120, json_schema_extra={"long": "Use at most 120 characters."})
    organisation: str = Field(
        default="",
        max_length=160,
        validate_default=True,
        json_schema_extra={"long": "Use at most 160 characters."},
    )
    quote: str = Field(
        default="",
        max_length=LONGEST_QUOTE,
        json_schema_extra={"long": f"Use at most {LONGEST_QUOTE} characters."},
    )
    email: Annotated[str, BeforeValidator(saying(addresses.parse))] = Field(default="", validate_default=True)
    asked_about: str = ""
    chapter: str = ""
    website: str = ""

    @field_validator("organisation")
    @classmethod
    def named_when_it_speaks(cls, value: str, info: object) -> str:
        if not value and getattr(info, "data", {}).get("kind") == "organisation":
            raise ValueError("Enter the name of the organisation.")
        return value

    @field_validator("role", "organisation", "quote")
    @classmethod
    def no_advertising(cls, value: str) -> str:
        if names.holds_web_address(value):
            raise ValueError("Leave web addresses out.")
        if value[:1] in {"=", "+", "-", "@"}:
            raise ValueError("Begin with a letter.")
        return value

    @field_validator("quote", mode="before")
    @classmethod
    def one_paragraph(cls, value: object) -> str:
        return " ".join(str(value or "").split())

    @property
    def probably_meant(self) -> str:
        """The address to ask about before anything is written, or “”."""
        return "" if self.asked_about == self.email else hints.suggest(self.email)
