"""When two e-mail addresses are one person's: the canonical key."""

import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from undersigned.kit.errors import Refused
from undersigned.supporters import domains

LONGEST = 254
LONGEST_NAME_KEY = 100


class NotAnAddress(Refused):
    """Not something that mail can be sent to."""


def parse(text: str) -> str:
    """A deliverable-looking address as it is written on an envelope, in ASCII. Raises NotAnAddress.

    A domain in another alphabet becomes its name on the wire (RFC 5891); a mailbox in another alphabet is
    refused, because most servers on the way would not take it (RFC 6531).
    """
    if not text:
        raise NotAnAddress("Enter your e-mail address.")
    local, _, domain = text.rpartition("@")
    if len(text) <= LONGEST and _PLAIN.fullmatch(local) and _is_plain(domain):
        return text
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as mistake:
        raise NotAnAddress("Enter an e-mail address in the form name@example.com.") from mistake
    if found.ascii_email is None or len(found.ascii_email) > LONGEST:
        raise NotAnAddress(f"E-mail addresses have at most {LONGEST} characters.")
    return found.ascii_email


_PLAIN = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*")


@lru_cache(maxsize=4_096)
def _is_plain(domain: str) -> bool:
    """Whether a domain is written as it stands on the wire; asked once, for most people share a few."""
    try:
        found = validate_email(f"a@{domain}", check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return found.ascii_domain == domain


def key(address: str) -> str:
    """The same for every spelling of one mailbox: case, and whatever its provider makes nothing of."""
    local, _, domain = address.casefold().rpartition("@")
    return domains.rule(domain).key(local, domain)


def name_key(name: str) -> str:
    """The same for every spelling of one name: case, accents, spaces and dots."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())[:LONGEST_NAME_KEY]
