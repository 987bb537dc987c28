"""From bytes to what a person reads: who wrote, about what, and their words.

Mail in the wild breaks every rule there is, so nothing here trusts a header, a charset or a depth: what the
standard library cannot take apart is read the plain way instead.
"""

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesFeedParser
from email.policy import EmailPolicy
from email.utils import getaddresses
from functools import lru_cache
from typing import Any, cast

from undersigned.responses import bodies, quoting

MOST_MULTIPARTS = 100
MOST_PARTS = 1_000
MOST_GAPS = 20_000
MOST_HEADERS = 20_000
PIECE = 64 * 1024
SHORT_HEADER = 1_000
LONGEST_HEAD = 256 * 1024
LONGEST_HEADER = 64_000
MESSAGE_ID = re.compile(r"<[^<>\s]{1,298}>")
ADDRESS = re.compile(r"[^@\s<>,;:\"()]{1,64}@[A-Za-z0-9.-]{1,189}")
BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))?", re.IGNORECASE)
FIELD = re.compile(rb"^[A-Za-z0-9-]{1,60}:[ \t]", re.MULTILINE)
GAP = re.compile(rb"\n\r?\n")


class _Forgiving(EmailPolicy):
    """The modern policy, giving a header as it stands where the strict parser raises.

    It takes a header apart each time that it is asked for; what kind of part one is, is asked some thirty times.
    """

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return _taken_apart(self, name, value) if len(value) < SHORT_HEADER else self.once(name, value)

    def once(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except (MessageError, ValueError, LookupError, AttributeError, TypeError):
            return bodies.clean(" ".join(value.split()))


@lru_cache(maxsize=1_024)
def _taken_apart(policy: _Forgiving, name: str, value: str) -> Any:
    return policy.once(name, value)


FORGIVING = _Forgiving()


class Unreadable(Exception):
    """Not to be taken apart, or not safely; the message is a sentence for staff."""


@dataclass(frozen=True)
class Reading:
    """One mail as a person sees it. ``quoted`` is what they quoted and their disclaimers, kept and folded."""

    message: EmailMessage
    message_id: str
    subject: str
    from_name: str
    from_address: str
    text: str
    quoted: str


def read(raw: bytes) -> Reading:
    """Everything a person would read. Raises Unreadable; odd charsets and broken headers do not."""
    message = parse(raw)
    name, address = sender(message)
    text, quoted = quoting.split(bodies.text_of(message))
    return Reading(
        message=message,
        message_id=message_id(message),
        subject=header(message, "Subject")[:300],
        from_name=name,
        from_address=address,
        text=text,
        quoted=quoted,
    )


def parse(raw: bytes) -> EmailMessage:
    """The parts of a mail. Raises Unreadable when it is made to keep a parser busy, counted before one begins."""
    if _head_is_longer(raw):
        raise Unreadable("Its headers are longer than those of any honest mail.")
    boundaries = BOUNDARY.findall(raw)
    if len(boundaries) > MOST_MULTIPARTS or _parts_in(raw, boundaries) > MOST_PARTS:
        raise Unreadable("It is made of more parts within parts than any honest mail.")
    if b"message/" in raw.lower() and len(GAP.findall(raw)) > MOST_GAPS:
        raise Unreadable("It reports on more letters than any honest mail.")
    if raw.count(b": ") > MOST_HEADERS and len(FIELD.findall(raw)) > MOST_HEADERS:
        raise Unreadable("It has more headers than any honest mail.")
    try:
        return _fed(raw)
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise Unreadable("It is damaged, and cannot be taken apart.") from error


def _fed(raw: bytes) -> EmailMessage:
    """In pieces, for a parser that is given 25 MB at once takes 190 MB, and 70 MB so."""
    parser = BytesFeedParser(policy=FORGIVING)
    for start in range(0, len(raw), PIECE):
        parser.feed(raw[start : start + PIECE])
    return cast(EmailMessage, parser.close())


def _head_is_longer(raw: bytes) -> bool:
    start = raw[: LONGEST_HEAD + 4]
    return len(start) > LONGEST_HEAD and not GAP.search(start)


def _parts_in(raw: bytes, boundaries: list[tuple[bytes, bytes]]) -> int:
    named = {quoted or bare for quoted, bare in boundaries} - {b""}
    return sum(raw.count(b"--" + one) for one in named)


def header(message: EmailMessage, name: str) -> str:
    """The first header of that name on one line, decoded; empty when there is none."""
    found = headers(message, name)
    return found[0] if found else ""


def headers(message: EmailMessage, name: str) -> list[str]:
    """Every header of that name, each on one line and decoded whatever it holds."""
    wanted = name.lower()
    return [_decoded(str(value)) for key, value in message.raw_items() if key.lower() == wanted]


def _decoded(raw: str) -> str:
    """RFC 2047 words decoded, raw 8-bit bytes guessed, control characters gone.

    The strict header parser of the standard library raises on some headers that really occur, so this
    reads the source of the header itself.
    """
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", raw[:LONGEST_HEADER])
    try:
        pieces = decode_header(unfolded)
    except (MessageError, ValueError):
        pieces = [(unfolded, None)]
    return bodies.clean(" ".join("".join(_piece(*piece) for piece in pieces).split()))


def _piece(content: str | bytes, charset: str | None) -> str:
    if isinstance(content, str):
        content, charset = content.encode("ascii", "surrogateescape"), None
    return bodies.decode(content, charset or "")


def sender(message: EmailMessage) -> tuple[str, str]:
    """The name shown and the bare address that a mail says it is from; either may be empty."""
    line = header(message, "From")
    pairs = getaddresses([line]) if line else []
    name, address = pairs[0] if pairs else ("", "")
    if not ADDRESS.fullmatch(address):
        found = ADDRESS.search(line)
        address = found.group() if found else ""
    return name.strip("\"' ")[:200] or address.partition("@")[0], address[:254]


def message_id(message: EmailMessage) -> str:
    """The Message-ID with its angle brackets; empty when there is none or it is out of shape."""
    found = MESSAGE_ID.search(header(message, "Message-ID"))
    return found.group() if found else ""


def head(raw: bytes) -> bytes:
    """The headers alone."""
    return re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0] + b"\n\n"
