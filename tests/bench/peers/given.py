"""What both peers are given, so that neither spends time on it: places by postcode, and tokens that are short."""

import hashlib
import hmac
import json
import os
from pathlib import Path

_GIVEN = json.loads(Path(os.environ["GIVEN"]).read_text(encoding="utf-8"))
_SECRET = os.environ["SECRET_KEY"].encode()
COUNTRIES: list[tuple[str, str]] = [(code, name) for code, name in _GIVEN["countries"]]
POSTCODE = r"^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$"


def constituency(postcode: str) -> str:
    """The constituency of a postcode, from memory; empty when it is not known."""
    found: str = _GIVEN["places"].get(postcode.replace(" ", ""), "")
    return found


def token(row: int) -> str:
    """What the e-mail's link ends with."""
    return f"{row}.{hmac.new(_SECRET, str(row).encode(), hashlib.sha256).hexdigest()[:24]}"


def row_of(given: str) -> int | None:
    """The row that a token opens, or None when it is not ours."""
    number = given.partition(".")[0]
    return int(number) if number.isdigit() and hmac.compare_digest(given, token(int(number))) else None
