"""What staff type about a template letter, beside its text."""

import re
import unicodedata
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from undersigned.editing import revising
from undersigned.kit.errors import Refused
from undersigned.kit.forms import saying
from undersigned.letters import versions

LONGEST_TITLE = 120


class NotATitle(Refused):
    """Nothing one could call a letter."""


def _title(text: str) -> str:
    title = " ".join(str(text).split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise NotATitle(f"Give the letter a title of at most {LONGEST_TITLE} characters.")
    return title


Title = Annotated[str, BeforeValidator(saying(_title))]


class TitleForm(BaseModel):
    """What the letter is called."""

    title: Title = Field(default="", validate_default=True)


class NewForm(TitleForm):
    """A new letter: what it is called, by what short name it goes, and which one it begins as."""

    name: str = Field(default="", validate_default=True)
    copy_of: str = ""

    @field_validator("name")
    @classmethod
    def short_name(cls, name: str, told: ValidationInfo) -> str:
        name = name or short(str(told.data.get("title", "")))
        if name in revising.RESERVED or not versions.NAME.fullmatch(name):
            raise ValueError("Give it a short name of small letters, digits and dashes, such as safer-streets.")
        return name


def short(title: str) -> str:
    """A short name for a title: its words in plain small letters, with dashes between them."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")
