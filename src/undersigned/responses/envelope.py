"""Sender and recipients of a mail whose envelope is gone, as its headers tell them."""

from email.utils import getaddresses

from undersigned.responses import reading
from undersigned.settings import settings

ADDRESSED_BY = ("Delivered-To", "X-Original-To", "To", "Cc")


class NoHeaders(Exception):
    """Not a mail: it has no headers at all."""


def of(raw: bytes) -> tuple[str, list[str]]:
    """Only addresses of ours are recipients here, and none of what cannot be taken apart. Raises NoHeaders."""
    try:
        message = reading.parse(reading.head(raw))
    except reading.Unreadable:
        return "", []
    if not message.keys():
        raise NoHeaders
    lines = [line for name in ADDRESSED_BY for line in reading.headers(message, name)]
    ours = f"@{settings.mail_domain.lower()}"
    to = [address for _, address in getaddresses(lines) if address.lower().endswith(ours)]
    return reading.header(message, "Return-Path").strip("<> "), to
