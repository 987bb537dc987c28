"""DKIM: our domain vouches for the mail that it sends (RFC 6376), when there is a key for it."""

import base64
from functools import cache
from pathlib import Path

import dkim
from dkim import crypto
from dkim.asn1 import BIT_STRING, INTEGER, NULL, OBJECT_IDENTIFIER, SEQUENCE

from undersigned.settings import SettingMissing, settings

ALWAYS = (b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type")
WHERE_THERE = (b"reply-to", b"in-reply-to", b"references", b"auto-submitted")
ONE_CLICK = (b"list-unsubscribe", b"list-unsubscribe-post")
"""RFC 8058 §4: both, or mail programs show no button. The library's own list lacks the second."""
RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
FEWEST_BITS = 1024


def sign(message: bytes, domain: str) -> bytes:
    """``message`` (CRLF at the ends of lines) with a signature of ``domain`` in front; as it is without DKIM_KEY.

    Raises SettingMissing for a key that cannot be used.
    """
    if not settings.dkim_key:
        return message
    key, selector = _key(settings.dkim_key), settings.dkim_selector.encode()
    there = {line.partition(b":")[0].lower() for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    headers = [*ALWAYS, *(name for name in (*WHERE_THERE, *ONE_CLICK) if name in there)]
    how = {"canonicalize": (b"relaxed", b"relaxed"), "include_headers": headers}
    signature: bytes = dkim.sign(message, selector, domain.encode("idna"), key, **how)
    return signature + message


def record() -> tuple[str, str]:
    """The name and the text of the TXT record by which others find our key. Raises SettingMissing without one."""
    if not settings.dkim_key:
        raise SettingMissing(
            "DKIM_KEY is not set: make a key with `openssl genrsa -out dkim.pem 2048`, and set it to that file."
        )
    parts = crypto.parse_pem_private_key(_key(settings.dkim_key))
    public = _der(SEQUENCE, _integer(parts["modulus"]) + _integer(parts["publicExponent"]))
    kind = _der(SEQUENCE, _der(OBJECT_IDENTIFIER, RSA) + _der(NULL, b""))
    whole = _der(SEQUENCE, kind + _der(BIT_STRING, b"\0" + public))
    name = f"{settings.dkim_selector}._domainkey.{settings.mail_domain}"
    return name, f"v=DKIM1; k=rsa; p={base64.b64encode(whole).decode()}"


def _der(tag: int, content: bytes) -> bytes:
    """One value in DER (X.690 §8.1); the library's own way of writing it fails from 127 bytes on."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


def _integer(number: int) -> bytes:
    """With room for the sign, which is never there."""
    return _der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def check() -> None:
    """Raise SettingMissing now, in one line, rather than with the first message."""
    if settings.dkim_key:
        _key(settings.dkim_key)


@cache
def _key(file: str) -> bytes:
    try:
        key = Path(file).read_bytes()
    except OSError as why:
        raise SettingMissing(f"DKIM_KEY: {file} cannot be read ({why.strerror}).") from None
    try:
        bits = crypto.parse_pem_private_key(key)["modulus"].bit_length()
    except (crypto.UnparsableKeyError, KeyError, TypeError):
        raise SettingMissing(f"DKIM_KEY: {file} holds no RSA key in PEM.") from None
    if bits < FEWEST_BITS:
        raise SettingMissing(f"DKIM_KEY: {file} has {bits} bits; mail servers want {FEWEST_BITS}, better 2048.")
    return key
