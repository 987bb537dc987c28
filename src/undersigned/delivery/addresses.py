"""One tracked address a letter, and one a bundle of them: it takes human replies and bounces alike.

The local part has at most 64 octets (RFC 5321).
"""

from undersigned.kit import tokens
from undersigned.settings import settings

PREFIX = "letter-"
PURPOSE = "letter-address"
TOGETHER_PREFIX = "letters-"
TOGETHER = "bundle-address"


def tracked(letter_id: int) -> str:
    """The address that a letter is sent from; it says nothing about the writer."""
    return f"{PREFIX}{tokens.address_token(PURPOSE, letter_id)}@{settings.mail_domain}"


def letter_of(address: str) -> int | None:
    """The letter behind a tracked address, upper or lower case; None when it is not ours."""
    return _behind(address, PREFIX, PURPOSE)


def tracked_bundle(bundle_id: int) -> str:
    """The address that the letters of a day are sent from together."""
    return f"{TOGETHER_PREFIX}{tokens.address_token(TOGETHER, bundle_id)}@{settings.mail_domain}"


def bundle_of(address: str) -> int | None:
    """The bundle behind an address of :func:`tracked_bundle`; None when it is not ours."""
    return _behind(address, TOGETHER_PREFIX, TOGETHER)


def _behind(address: str, prefix: str, purpose: str) -> int | None:
    local, _, domain = address.strip().lower().rpartition("@")
    if domain != settings.mail_domain.lower() or not local.startswith(prefix):
        return None
    return tokens.read_address_token(purpose, local.removeprefix(prefix))
