"""When two e-mail addresses are one person's: the canonical key."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from undersigned.kit.errors import Refused

ALIASES = {"googlemail.com": "gmail.com"}
IGNORES_DOTS = {"gmail.com"}


class NotAnAddress(Refused):
    """Not something that mail can be sent to."""


def parse(text: str) -> str:
    """A deliverable-looking address as it should be written on an envelope. Raises NotAnAddress."""
    if not text:
        raise NotAnAddress("Enter your e-mail address.")
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError as mistake:
        raise NotAnAddress("Enter an e-mail address in the form name@example.com.") from mistake
    if len(found.normalized) > 254:
        raise NotAnAddress("E-mail addresses have at most 254 characters.")
    return str(found.normalized)


def key(address: str) -> str:
    """The same for every spelling of one mailbox: case, ``+tags``, Gmail's dots, googlemail."""
    local, _, domain = address.casefold().rpartition("@")
    domain = ALIASES.get(domain, domain)
    local = local.split("+", 1)[0] or local
    if domain in IGNORES_DOTS:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def name_key(name: str) -> str:
    """The same for every spelling of one name: case, accents, spaces and dots."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())
