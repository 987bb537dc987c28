"""What people type when they sign."""

from typing import Annotated

from babel import Locale
from pydantic import BaseModel, BeforeValidator, Field, field_validator

from undersigned.kit import tokens
from undersigned.kit.forms import saying
from undersigned.postcodes.postcode import Postcode
from undersigned.signatures import arriving, filling
from undersigned.supporters import addresses, hints, names

_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "GB"}


def _countries() -> list[tuple[str, str]]:
    named = Locale("en", "GB").territories
    found = [(code, name) for code, name in named.items() if len(code) == 2 and code.isalpha()]
    others = sorted(((c, n) for c, n in found if c not in _NOT_COUNTRIES), key=lambda pair: pair[1])
    return [("GB", "United Kingdom"), *others]


COUNTRIES = _countries()
_CODES = {code for code, _ in COUNTRIES}


def _whose_link(token: object) -> int | None:
    """The signature whose link brought them; a link that was cut off is no reason to complain."""
    try:
        return tokens.read(arriving.SHARE, str(token or ""))
    except tokens.TokenUnknown:
        return None


def _short(text: object) -> str:
    """A field that people never see; one that is too long to be ours is dropped, not complained about."""
    return str(text) if len(str(text)) <= 1_000 else ""


class SignForm(BaseModel):
    """A name under a campaign. ``website`` is a trap: people never meet it, so only a program fills it in.

    ``started`` is when the page with the form was made, in Unix time; ``proof`` is what proofs.py reads.
    """

    name: Annotated[str, BeforeValidator(saying(names.parse))] = Field(default="", validate_default=True)
    email: Annotated[str, BeforeValidator(saying(addresses.parse))] = Field(default="", validate_default=True)
    email_is_right: bool = False
    country: str = "GB"
    postcode: Postcode | None = Field(default=None, validate_default=True)
    words: str = Field(default="", max_length=1_000, json_schema_extra={"long": "Use at most 1,000 characters."})
    organisation: str = Field(
        default="", max_length=160, json_schema_extra={"long": "Use at most 160 characters."}
    )
    shows_name: bool = False
    wants_updates: bool = False
    chapter: str = ""
    source: Annotated[str, BeforeValidator(arriving.word)] = ""
    bucket: Annotated[str, BeforeValidator(arriving.bucket)] = ""
    share: Annotated[int | None, BeforeValidator(_whose_link)] = None
    website: str = ""
    started: Annotated[int | None, BeforeValidator(filling.opened_at)] = None
    proof: Annotated[str, BeforeValidator(_short)] = ""

    model_config = {"arbitrary_types_allowed": True, "extra": "ignore"}

    @property
    def came_by(self) -> str:
        """The key of the totals by source."""
        return arriving.came_by(self.source, self.bucket)

    @property
    def probably_meant(self) -> str:
        """The e-mail address to ask about before anything is written, or “”."""
        return "" if self.email_is_right else hints.suggest(self.email)

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

    @field_validator("email_is_right", "shows_name", "wants_updates", mode="before")
    @classmethod
    def ticked(cls, value: object) -> bool:
        return str(value).lower() in {"1", "on", "yes", "true"}

    @field_validator("words", mode="before")
    @classmethod
    def lines_as_they_are_counted(cls, value: object) -> str:
        """A browser sends two characters at the end of a line, and its counter counts one."""
        return str(value or "").replace("\r\n", "\n")

    @field_validator("organisation")
    @classmethod
    def no_links(cls, value: str) -> str:
        if names.holds_web_address(value):
            raise ValueError("Enter the organisation's name, not its web address.")
        return value
