"""Which signatures are meant: any mix of what can be said of one, as a form, as JSON, and as SQL.

Everything that is given must hold. The conditions are written here and nowhere else; what people typed only ever
travels beside them, as a value.
"""

import ipaddress
import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from undersigned.kit import tokens
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Refused
from undersigned.kit.forms import saying
from undersigned.postcodes.postcode import NotAPostcode, OutwardCodeOnly, Postcode
from undersigned.signatures import arriving
from undersigned.supporters import addresses

PERSONAL: Final = ("name", "email", "ip", "postcode")
"""Keys that may say who somebody is; the privacy clock takes them away again."""
LARGEST_NUMBER = 2**63 - 1


class NotACriterion(Refused):
    """Not something by which signatures can be found."""


def _name(text: str) -> str:
    key = addresses.name_key(text)
    if text and not key:
        raise NotACriterion("Enter letters of a name, such as “Rahman”.")
    return key


def _postcode(text: str) -> str:
    """A whole postcode, or its first half."""
    if not text:
        return ""
    try:
        return str(Postcode.parse(text))
    except OutwardCodeOnly:
        return str(Postcode.parse(f"{text} 1AA")).split()[0]
    except NotAPostcode as mistake:
        raise NotACriterion("Enter a postcode such as BL9 0SW, or its first half, such as BL9.") from mistake


def _network(text: str) -> str:
    """An address as a network of one, a network without what is beyond its mask; IPv4 inside IPv6 is IPv4."""
    if not text:
        return ""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as mistake:
        raise NotACriterion(
            "Enter an address such as 203.0.113.7, or a network such as 203.0.113.0/24 or 2001:db8::/48."
        ) from mistake
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return f"{mapped}/{network.prefixlen - 96}" if mapped and network.prefixlen >= 96 else str(network)


def _email(text: str) -> str:
    return addresses.key(addresses.parse(text)) if text else ""


def _domain(text: str) -> str:
    """A domain, in which ``*`` stands for anything and ``?`` for one character."""
    domain = text.lower().removeprefix("@")
    if domain and not re.fullmatch(r"[a-z0-9.*?_-]{1,254}", domain):
        raise NotACriterion("Enter a domain such as example.org, or a pattern such as *.example.org.")
    return domain


def _link(text: object) -> int | None:
    """The signature whose link brought them: its number in our record, its token, or the whole link."""
    told = str(text or "")
    if not told:
        return None
    if told.isascii() and told.isdigit() and int(told) <= LARGEST_NUMBER:
        return int(told)
    token = re.search(r"[?&]r=([\w-]+)", told)
    try:
        return tokens.read(arriving.SHARE, token[1] if token else told)
    except tokens.TokenUnknown as mistake:
        raise NotACriterion("Paste the whole link that was shared; this one is cut off, or not ours.") from mistake


def _moment(text: object) -> datetime | None:
    """A day and a time; without an offset it is London's."""
    if isinstance(text, datetime):
        return text
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
        return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    except ValueError as mistake:
        raise NotACriterion("Enter a day and a time, such as 2026-03-12T18:30.") from mistake


def _chapter(text: object) -> int | None:
    told = str(text or "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None


Word = Annotated[str, Field(max_length=60, json_schema_extra={"long": "Use at most 60 characters."})]
Moment = Annotated[datetime | None, BeforeValidator(saying(_moment))]


class Criteria(BaseModel):
    """Signatures that are like this in everything that is given, and at least one thing is.

    ``discounted_why`` turns it round: then those are meant that are discounted for this reason already, where
    otherwise it is those that are not. ``signed_until`` is the first moment that is too late.
    """

    name: Annotated[Word, BeforeValidator(saying(_name))] = ""
    email: Annotated[str, BeforeValidator(saying(_email))] = ""
    domain: Annotated[str, BeforeValidator(saying(_domain))] = ""
    postcode: Annotated[str, BeforeValidator(saying(_postcode))] = ""
    constituency: Word = ""
    country: Word = ""
    ip: Annotated[str, BeforeValidator(saying(_network))] = ""
    signed_from: Moment = None
    signed_until: Moment = None
    source: Word = ""
    bucket: Word = ""
    chapter: Annotated[int | None, BeforeValidator(_chapter)] = None
    shared_by: Annotated[int | None, BeforeValidator(saying(_link))] = None
    flag: Word = ""
    confirmed: Literal["", "yes", "no"] = Field(default="", json_schema_extra={"missing": "Choose one of these."})
    discounted_why: Word = ""
    forgotten: bool = False

    @property
    def puts_back(self) -> bool:
        """Whether those are meant that are discounted already."""
        return bool(self.discounted_why)

    @field_validator("signed_until")
    @classmethod
    def after_it_began(cls, until: datetime | None, info: ValidationInfo) -> datetime | None:
        begun = info.data.get("signed_from")
        if until and begun and until <= begun:
            raise ValueError("The end must be later than the beginning.")
        return until

    @model_validator(mode="after")
    def something_is_given(self) -> Self:
        if not self.given() and not self.forgotten:
            raise ValueError("Say at least one thing about the signatures you mean.")
        return self

    def given(self) -> dict[str, Any]:
        """What was given, by its name."""
        return self.model_dump(exclude_defaults=True, exclude={"forgotten"})

    def as_json(self) -> str:
        """What was given as JSON, from which the same criteria can be read."""
        return self.model_dump_json(exclude_defaults=True)

    def conditions(self, first: int) -> tuple[str, list[object]]:
        """SQL over the columns of ``signature``, with places from ``$first`` on, and the values for them."""
        given = self.given()
        texts = [_CONDITIONS[name].format(f"${place}") for place, name in enumerate(given, first)]
        standing = "discounted_at IS NOT NULL" if self.puts_back else "discounted_at IS NULL"
        return " AND ".join([standing, *texts]), [_value(name, value) for name, value in given.items()]


_CONDITIONS: Final = {
    "name": "strpos(name_key, {}) > 0",
    "email": "email_key = {}",
    "domain": r"lower(split_part(email, '@', -1)) LIKE {} ESCAPE '\'",
    "postcode": "{} IN (postcode, split_part(postcode, ' ', 1))",
    "constituency": "constituency = {}",
    "country": "country = {}",
    "ip": "CASE WHEN ip = '' THEN false ELSE split_part(ip, '%', 1)::inet <<= {}::text::inet END",
    "signed_from": "created_at >= {}",
    "signed_until": "created_at < {}",
    "source": "source = {}",
    "bucket": "bucket = {}",
    "chapter": "chapter = {}",
    "shared_by": "shared_by = {}",
    "flag": "{} = ANY(string_to_array(flags, ' '))",
    "confirmed": "(confirmed_at IS NOT NULL) = {}",
    "discounted_why": "discounted_why = {}",
}


def _value(name: str, value: object) -> object:
    if name == "confirmed":
        return value == "yes"
    return _like(str(value)) if name == "domain" else value


def _like(glob: str) -> str:
    r"""A pattern of ``*`` and ``?`` as one of LIKE; what LIKE itself would read as a sign is a letter."""
    return re.sub(r"([\\%_])", r"\\\1", glob).replace("*", "%").replace("?", "_")
