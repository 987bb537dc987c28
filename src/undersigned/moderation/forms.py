"""What staff type to keep a campaign honest."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator


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
