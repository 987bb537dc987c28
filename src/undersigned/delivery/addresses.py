"""One tracked address a letter: it takes human replies and bounces alike (RFC 5321, local part ≤ 64)."""

from undersigned.kit import tokens
from undersigned.settings import settings

PREFIX = "letter-"
PURPOSE = "letter-address"


def tracked(letter_id: int) -> str:
    """The address that a letter is sent from; it says nothing about the writer."""
    return f"{PREFIX}{tokens.address_token(PURPOSE, letter_id)}@{settings.mail_domain}"


def letter_of(address: str) -> int | None:
    """The letter behind a tracked address, upper or lower case; None when it is not ours."""
    local, _, domain = address.strip().lower().rpartition("@")
    if domain != settings.mail_domain.lower() or not local.startswith(PREFIX):
        return None
    return tokens.read_address_token(PURPOSE, local.removeprefix(PREFIX))
