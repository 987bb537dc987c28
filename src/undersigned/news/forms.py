"""What staff type as news."""

from pydantic import BaseModel, Field


class NewsForm(BaseModel):
    """A title, and the news in Markdown; of one chapter, by its number, or of the whole campaign."""

    title: str = Field(
        min_length=1,
        max_length=160,
        json_schema_extra={"missing": "Give it a title.", "long": "Use at most 160 characters."},
    )
    body: str = Field(
        min_length=1,
        max_length=20_000,
        json_schema_extra={"missing": "Write the news.", "long": "Use at most 20,000 characters."},
    )
    chapter: int | None = Field(
        default=None, ge=1, le=2**31 - 1, json_schema_extra={"missing": "Choose a chapter."}
    )
