"""What staff choose about how a campaign's letters go."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field


def _number_or_nothing(text: str) -> str | None:
    return text or None


class PaceForm(BaseModel):
    """One by one or once a day; and at most how many an hour to one reader, where that is fewer than elsewhere."""

    letters_go: Literal["single", "daily"] = Field(json_schema_extra={"missing": "Choose how letters go."})
    letters_an_hour: Annotated[int | None, BeforeValidator(_number_or_nothing)] = Field(
        default=None, json_schema_extra={"missing": "Enter a number, or leave it empty."}
    )
