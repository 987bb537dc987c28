"""What staff type about a gathering."""

from datetime import date, time
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from undersigned.kit.forms import saying
from undersigned.postcodes.postcode import Postcode

LONG = {"long": "Use fewer words here."}


class EventForm(BaseModel):
    """One gathering; times are London's. An empty capacity is no end of places."""

    title: str = Field(min_length=1, max_length=160, json_schema_extra={"missing": "Say what it is.", **LONG})
    on: date = Field(json_schema_extra={"missing": "Choose the day, or the first day."})
    begins: time = Field(json_schema_extra={"missing": "Say when it begins, such as 18:00."})
    ends: time = Field(json_schema_extra={"missing": "Say when it ends, such as 19:00."})
    repeats: Literal["", "weekly"] = ""
    repeats_until: date | None = Field(
        default=None, json_schema_extra={"missing": "Choose the last day, or none."}
    )
    place: str = Field(default="", max_length=160, json_schema_extra=dict(LONG))
    address: str = Field(default="", max_length=300, json_schema_extra=dict(LONG))
    postcode: str = Field(default="", max_length=20)
    accessibility: str = Field(default="", max_length=1_000, json_schema_extra=dict(LONG))
    about: str = Field(default="", max_length=5_000, json_schema_extra=dict(LONG))
    takes_names: bool = False
    capacity: int | None = Field(
        default=None, ge=1, le=100_000, json_schema_extra={"missing": "Enter a number, or leave it empty."}
    )
    region: str = Field(default="", max_length=80)

    @field_validator("repeats_until", "capacity", mode="before")
    @classmethod
    def nothing_is_none(cls, value: Any) -> Any:
        return value or None

    @field_validator("takes_names", mode="before")
    @classmethod
    def ticked(cls, value: Any) -> bool:
        return bool(value)

    @field_validator("postcode")
    @classmethod
    def a_postcode(cls, value: str) -> str:
        return str(saying(Postcode.parse)(value)) if value else ""

    @field_validator("ends")
    @classmethod
    def after_it_begins(cls, ends: time, told: ValidationInfo) -> time:
        begins = told.data.get("begins")
        if begins is not None and ends <= begins:
            raise ValueError("It must end after it begins, on the same day.")
        return ends


class CallOffForm(BaseModel):
    """One day of a weekly gathering, or all of it when no day is given."""

    day: date | None = Field(default=None, json_schema_extra={"missing": "Choose a day."})

    @field_validator("day", mode="before")
    @classmethod
    def nothing_is_none(cls, value: Any) -> Any:
        return value or None
