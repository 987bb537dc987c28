"""What staff press and type beside an endorsement."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator

LONGEST_REASON = 300


class DecideForm(BaseModel):
    """Show one, or do not and say why, or move it."""

    act: Literal["show", "refuse", "up", "down", "first", "last", "pin", "unpin"] = Field(
        json_schema_extra={"missing": "Press one of the buttons."}
    )
    reason: str = Field(
        default="",
        max_length=LONGEST_REASON,
        validate_default=True,
        json_schema_extra={"long": f"Use at most {LONGEST_REASON} characters."},
    )

    @field_validator("reason")
    @classmethod
    def its_sender_is_told_why(cls, reason: str, info: object) -> str:
        if getattr(info, "data", {}).get("act") == "refuse" and not reason:
            raise ValueError("Say in a sentence why. Whoever sent it reads it in an e-mail.")
        return reason
