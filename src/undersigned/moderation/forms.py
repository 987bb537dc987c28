"""What staff type to keep a campaign honest."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator

from undersigned.campaigns.guarding import Guard
from undersigned.kit.forms import saying
from undersigned.moderation import listing


class PauseForm(BaseModel):
    """Take no names for a while, or go on."""

    act: Literal["pause", "resume"] = Field(json_schema_extra={"missing": "Choose whether to pause or to go on."})
    why: str = Field(
        default="",
        max_length=300,
        validate_default=True,
        json_schema_extra={"long": "Use at most 300 characters."},
    )

    @field_validator("why")
    @classmethod
    def visitors_are_told_why(cls, why: str, info: object) -> str:
        if getattr(info, "data", {}).get("act") == "pause" and not why:
            raise ValueError("Say in a sentence why. Visitors read it in place of the form.")
        return why


class GuardForm(BaseModel):
    """How closely to look from now on."""

    guard: Guard = Field(json_schema_extra={"missing": "Choose how closely to look."})


class ListForm(BaseModel):
    """Let somebody in always, or never."""

    kind: Literal["ip", "domain", "email"] = Field(json_schema_extra={"missing": "Choose what it is."})
    verdict: Literal["block", "allow"] = Field(
        json_schema_extra={"missing": "Choose whether to block or to allow."}
    )
    value: str = Field(default="", validate_default=True)
    why: str = Field(default="", max_length=200, json_schema_extra={"long": "Use at most 200 characters."})
    everywhere: bool = False

    @field_validator("value")
    @classmethod
    def of_its_kind(cls, value: str, info: object) -> str:
        told = getattr(info, "data", {})
        if not {"kind", "verdict"} <= set(told):
            return value
        return str(saying(lambda typed: listing.parse(told["kind"], typed, told["verdict"]))(value))

    @field_validator("everywhere", mode="before")
    @classmethod
    def ticked(cls, value: object) -> bool:
        return bool(value)
