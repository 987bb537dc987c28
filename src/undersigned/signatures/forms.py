"""What people type when they sign."""

import re
from typing import Annotated

from babel import Locale
from pydantic import BaseModel, BeforeValidator, Field, field_validator, model_validator

from undersigned.kit.errors import Refused
from undersigned.kit.forms import saying
from undersigned.postcodes.postcode import Postcode
from undersigned.supporters import addresses

_URL = re.compile(r"https?:|www\.|\.(com|org|net|co|uk|ru|info)\b", re.IGNORECASE)
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "GB"}


def _countries() -> list[tuple[str, str]]:
    named = Locale("en", "GB").territories
    found = [(code, name) for code, name in named.items() if len(code) == 2 and code.isalpha()]
    others = sorted(((c, n) for c, n in found if c not in _NOT_COUNTRIES), key=lambda pair: pair[1])
    return [("GB", "United Kingdom"), *others]


COUNTRIES = _countries()
_CODES = {code for code, _ in COUNTRIES}


class NotAName(Refused):
    """Not what a person is called."""


def parse_name(text: str) -> str:
    """A person's full name. It may hold no web address, and may not start like a spreadsheet formula."""
    name = " ".join(str(text or "").split())
    if not name:
        raise NotAName("Enter your full name.")
    if len(name) > 100:
        raise NotAName("Names have at most 100 characters here.")
    if _URL.search(name) or "@" in name or any(not c.isprintable() for c in name):
        raise NotAName("Enter your name without web addresses or symbols.")
    if name[0] in "=+-@" or not any(c.isalpha() for c in name):
        raise NotAName("Enter your name as you would sign it.")
    return name


def _source(text: str) -> str:
    """Where they came from; anything but letters, digits, ``-`` and ``_`` is dropped, not complained about."""
    return text if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", text or "") else ""


class SignForm(BaseModel):
    """A name under a campaign."""

    name: Annotated[str, BeforeValidator(saying(parse_name))] = Field(default="", validate_default=True)
    email: Annotated[str, BeforeValidator(saying(addresses.parse))] = Field(default="", validate_default=True)
    country: str = "GB"
    postcode: Postcode | None = Field(default=None, validate_default=True)
    words: str = Field(default="", max_length=1_000, json_schema_extra={"long": "Use at most 1,000 characters."})
    organisation: str = Field(
        default="", max_length=160, json_schema_extra={"long": "Use at most 160 characters."}
    )
    shows_name: bool = False
    wants_updates: bool = False
    chapter: str = ""
    source: Annotated[str, BeforeValidator(_source)] = ""

    model_config = {"arbitrary_types_allowed": True, "extra": "ignore"}

    @field_validator("country", mode="before")
    @classmethod
    def known_country(cls, value: str) -> str:
        code = (value or "GB").upper()
        if code not in _CODES:
            raise ValueError("Choose the country you live in.")
        return code

    @field_validator("postcode", mode="before")
    @classmethod
    def postcode_when_here(cls, value: object, info: object) -> Postcode | None:
        if value in (None, ""):
            if getattr(info, "data", {}).get("country", "GB") == "GB":
                raise ValueError("Enter your postcode, such as M1 1AA. It finds your MP.")
            return None
        if getattr(info, "data", {}).get("country", "GB") != "GB":
            return None
        parsed: Postcode = saying(Postcode.parse)(value)
        return parsed

    @field_validator("shows_name", "wants_updates", mode="before")
    @classmethod
    def ticked(cls, value: object) -> bool:
        return str(value).lower() in {"1", "on", "yes", "true"}

    @model_validator(mode="after")
    def no_links(self) -> "SignForm":
        if _URL.search(self.organisation):
            raise ValueError("Enter the organisation's name, not its web address.")
        return self
