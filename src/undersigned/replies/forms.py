"""What staff type about where a representative stands."""

from pydantic import BaseModel, Field

WHOSE = {"missing": "Enter a constituency, a member’s name or a GSS code.", "long": "Use at most 160 characters."}
WHERE = {"missing": "Choose where they stand.", "long": "Choose where they stand."}


class ReplyStanceForm(BaseModel):
    """From a reply: the position, and words of it that are to be shown, if any."""

    position: str = Field(min_length=1, max_length=20, json_schema_extra=dict(WHERE))
    words: str = Field(default="", max_length=2_000, json_schema_extra={"long": "Choose at most 600 characters."})


class StanceForm(BaseModel):
    """From elsewhere: whose, the position, and how we know."""

    which: str = Field(min_length=1, max_length=160, json_schema_extra=dict(WHOSE))
    position: str = Field(min_length=1, max_length=20, json_schema_extra=dict(WHERE))
    source: str = Field(default="", max_length=500, json_schema_extra={"long": "Use at most 500 characters."})


class InviteForm(BaseModel):
    """Whom to invite."""

    invite: str = Field(min_length=1, max_length=160, json_schema_extra=dict(WHOSE))
