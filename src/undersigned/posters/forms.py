"""What staff type of sheets that came back."""

from datetime import date

from pydantic import BaseModel, Field, field_validator

from undersigned.kit import days


class BatchForm(BaseModel):
    """A batch of sheets: where they come from, how many names are on them, and when they were collected."""

    label: str = Field(min_length=1, max_length=120, json_schema_extra={"missing": "Say where they come from."})
    signatures: int = Field(
        ge=1, le=10_000_000, json_schema_extra={"missing": "Enter how many names are on them."}
    )
    collected_on: date = Field(json_schema_extra={"missing": "Choose the day on which they were collected."})

    @field_validator("collected_on")
    @classmethod
    def not_in_the_future(cls, day: date) -> date:
        if day > days.today():
            raise ValueError("That day is still to come.")
        return day


class RemoveForm(BaseModel):
    """A batch that was wrong, and why."""

    batch: int = Field(ge=1, le=2**31 - 1, json_schema_extra={"missing": "Choose a batch."})
    why: str = Field(min_length=1, max_length=200, json_schema_extra={"missing": "Say why it does not count."})
