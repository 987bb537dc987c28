"""Links that cannot be guessed, and can expire.

A token says what it is for, which row it opens and until when, signed with the installation's secret
(HMAC-SHA256, RFC 2104). Nothing is stored, so a token costs nothing and cannot be listed.
"""

import base64
import hashlib
import hmac
import struct
import time
from datetime import timedelta

from undersigned.kit.errors import Refused
from undersigned.settings import settings

_SHAPE = struct.Struct(">QI")
_SEAL = 12


class TokenUnknown(Refused):
    """Not one of ours, or for another purpose."""


class TokenExpired(Refused):
    """Ours, but its time has passed; ``row_id`` says what it opened."""

    def __init__(self, message: str, row_id: int) -> None:
        super().__init__(message)
        self.row_id = row_id


def issue(purpose: str, row_id: int, lasts: timedelta | None = None) -> str:
    """A token of 32 URL-safe characters that opens ``row_id`` for ``purpose``; for ever without ``lasts``."""
    until = int(time.time() + lasts.total_seconds()) if lasts else 0
    body = _SHAPE.pack(row_id, until)
    return base64.urlsafe_b64encode(body + _seal(purpose, body)).decode().rstrip("=")


def read(purpose: str, token: str) -> int:
    """The row that ``token`` opens. Raises TokenUnknown or TokenExpired."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raw = b""
    body, seal = raw[: _SHAPE.size], raw[_SHAPE.size :]
    if len(raw) != _SHAPE.size + _SEAL or not hmac.compare_digest(seal, _seal(purpose, body)):
        raise TokenUnknown("This link is not complete, or was not made by us.")
    row_id, until = _SHAPE.unpack(body)
    if until and until < time.time():
        raise TokenExpired("This link has expired.", row_id)
    return int(row_id)


def address_token(purpose: str, row_id: int) -> str:
    """A token for the local part of an e-mail address: 24 characters, upper and lower case alike."""
    body = row_id.to_bytes(5, "big")
    return base64.b32encode(body + _seal(purpose, body)[:10]).decode().lower()


def read_address_token(purpose: str, token: str) -> int | None:
    """The row behind an :func:`address_token`, or None when it is not ours."""
    try:
        raw = base64.b32decode(token.upper())
    except ValueError:
        return None
    body, seal = raw[:5], raw[5:]
    if len(raw) != 15 or not hmac.compare_digest(seal, _seal(purpose, body)[:10]):
        return None
    return int.from_bytes(body, "big")


def digest(secret: str) -> str:
    """What we keep of a secret that somebody else holds."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _seal(purpose: str, body: bytes) -> bytes:
    return hmac.new(settings.key(), purpose.encode() + b"\0" + body, hashlib.sha256).digest()[:_SEAL]
