"""What people type to come to a gathering, or to hear of one near them."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from undersigned.kit.forms import saying
from undersigned.supporters import addresses, names


class InterestForm(BaseModel):
    """A name, an address and a region. ``website`` is a trap that only programs fill in."""

    name: Annotated[str, BeforeValidator(saying(names.parse))] = Field(default="", validate_default=True)
    email: Annotated[str, BeforeValidator(saying(addresses.parse))] = Field(default="", validate_default=True)
    region: str = Field(
        default="", min_length=1, max_length=80, validate_default=True,
        json_schema_extra={"missing": "Choose your region."},
    )  # fmt: skip
    website: str = ""


class AttendForm(BaseModel):
    """A name, an address and the day. ``website`` is a trap that only programs fill in."""

    name: Annotated[str, BeforeValidator(saying(names.parse))] = Field(default="", validate_default=True)
    email: Annotated[str, BeforeValidator(saying(addresses.parse))] = Field(default="", validate_default=True)
    occurs_on: date = Field(json_schema_extra={"missing": "Choose a day."})
    website: str = ""
