"""What staff say about a centre, in a form or in a line of a file."""

from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, Field, field_validator, model_validator

from undersigned.kit import days
from undersigned.kit.forms import saying
from undersigned.postcodes.postcode import Postcode

LONG: Final = {"long": "Use fewer words here."}
YES: Final = {"yes", "y", "true", "1", "full", "fully"}
NO: Final = {"no", "n", "false", "0", "none"}
UNKNOWN: Final = {"", "unknown", "not known", "?", "ask"}
WAYS_TO_WRITE_A_DAY: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
NUMBER: Final = {"missing": "Enter degrees, such as 51.796 or -0.079, or leave it empty."}


class CentreForm(BaseModel):
    """One centre. ``step_free`` is None where nobody has asked, ``checked_on`` where nobody has checked."""

    name: str = Field(
        min_length=1, max_length=160, json_schema_extra={"missing": "Say what it is called.", **LONG}
    )
    area: str = Field(default="", max_length=80, json_schema_extra=dict(LONG))
    address: str = Field(
        min_length=1, max_length=300, json_schema_extra={"missing": "Say where it is: street and town.", **LONG}
    )
    postcode: str = Field(json_schema_extra={"missing": "Enter its postcode."})
    phone: str = Field(default="", max_length=40, json_schema_extra=dict(LONG))
    textphone: str = Field(default="", max_length=40, json_schema_extra=dict(LONG))
    opening: str = Field(default="", max_length=200, json_schema_extra=dict(LONG))
    languages: str = Field(default="", max_length=300, json_schema_extra=dict(LONG))
    step_free: bool | None = None
    about: str = Field(default="", max_length=1_000, json_schema_extra=dict(LONG))
    latitude: float | None = Field(default=None, ge=49, le=61.5, json_schema_extra=dict(NUMBER))
    longitude: float | None = Field(default=None, ge=-9, le=2.5, json_schema_extra=dict(NUMBER))
    checked_on: date | None = None

    @field_validator("postcode")
    @classmethod
    def a_postcode(cls, value: str) -> str:
        return str(saying(Postcode.parse)(value))

    @field_validator("phone", "textphone")
    @classmethod
    def a_number(cls, value: str) -> str:
        if value and not any(letter.isdigit() for letter in value):
            raise ValueError("There is no number in it.")
        return value

    @field_validator("step_free", mode="before")
    @classmethod
    def yes_or_no(cls, value: Any) -> bool | None:
        word = str("" if value is None else value).strip().casefold()
        if word not in YES | NO | UNKNOWN:
            raise ValueError("Write yes or no, or leave it empty where nobody has asked.")
        return None if word in UNKNOWN else word in YES

    @field_validator("latitude", "longitude", mode="before")
    @classmethod
    def nothing_is_none(cls, value: Any) -> Any:
        return value or None

    @field_validator("checked_on", mode="before")
    @classmethod
    def a_day(cls, value: Any) -> Any:
        return _day(value) if isinstance(value, str) else value

    @field_validator("checked_on")
    @classmethod
    def not_to_come(cls, value: date | None) -> date | None:
        if value and value > days.today():
            raise ValueError("That day is still to come.")
        return value

    @model_validator(mode="after")
    def both_or_neither(self) -> "CentreForm":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("Give both latitude and longitude, or neither.")
        return self


def _day(text: str) -> date | None:
    """A day as people write it in a table here: 2026-03-12, 12/03/2026, 12 March 2026."""
    if not text.strip():
        return None
    for way in WAYS_TO_WRITE_A_DAY:
        try:
            return datetime.strptime(text.strip(), way).date()
        except ValueError:
            continue
    raise ValueError("Write the day as 2026-03-12 or 12/03/2026.")
