"""What staff type to put right who sits where, and how they are reached."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from undersigned.kit.days import LONDON
from undersigned.kit.errors import Refused
from undersigned.kit.forms import saying
from undersigned.representatives import lists
from undersigned.representatives.corrections import Correction
from undersigned.seating.listing import Row


class NotSaid(Refused):
    """A field does not hold what it should."""


def _day(text: str) -> date | None:
    """A day as a browser's date field sends it, not in the future; nothing for today."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotSaid("Write the day as 2026-03-12: the year, the month, the day.") from None
    if day > datetime.now(LONDON).date():
        raise NotSaid("That day has not come yet.")
    return day


class CorrectionForm(BaseModel):
    """How a member is reached, and what is said beside the name."""

    contact: Literal["", "email", "post", "opted_out"] = Field(
        default="", json_schema_extra={"missing": "Choose how this member is reached."}
    )
    email: str = Field(default="", validate_default=True)
    note: str = Field(default="", max_length=500, json_schema_extra={"long": "Use at most 500 characters."})
    votes: Literal["", "yes"] = ""

    @field_validator("email")
    @classmethod
    def an_address_is_given(cls, email: str, chosen: ValidationInfo) -> str:
        if chosen.data.get("contact") == "email" and not lists.address(email):
            raise ValueError("Enter the e-mail address, in the form name@example.com.")
        return lists.address(email)

    def correction(self, member: Row) -> Correction | None:
        """What differs from what we hold, or None: saving a form unread must not forgive a failing address."""
        contact = self.contact or member["contact"]
        same = contact == member["contact"] and (contact != "email" or self.email == member["email"])
        note, votes = self.note.replace("\r\n", "\n"), self.votes == "yes"
        made = Correction(
            contact=None if same else self.contact,
            email=None if same else self.email,
            note=None if note == member["note"] else note,
            takes_part_in_votes=None if votes == member["takes_part_in_votes"] else votes,
        )
        return None if made == Correction() else made


class VacateForm(BaseModel):
    """A member has gone: why, since when, and that it is meant, for it cannot be undone here."""

    reason: str = Field(
        default="",
        min_length=1,
        max_length=60,
        validate_default=True,
        json_schema_extra={"missing": "Say why, for visitors will read it.", "long": "Use at most 60 characters."},
    )
    on: Annotated[date | None, BeforeValidator(saying(_day))] = None
    sure: Literal["yes"] = Field(json_schema_extra={"missing": "Tick this if the member has gone for good."})


class CloseForm(BaseModel):
    """Why nobody sits for the time being."""

    closed_reason: str = Field(
        default="",
        min_length=1,
        max_length=200,
        validate_default=True,
        json_schema_extra={
            "missing": "Say why, for visitors will read it.",
            "long": "Use at most 200 characters.",
        },
    )
