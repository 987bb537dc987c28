"""The words of a mail: which part holds them, in which charset, and HTML turned into plain paragraphs."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser
from itertools import islice

import nh3

from undersigned.responses import charsets, flowed

DEEPEST = 20
MOST_TEXT = 1_000_000
MOST_BYTES = 4 * MOST_TEXT
MOST_PARTS = 50
MOST_TAGS = 10_000
NO_WORDS = "(The mail itself has no words."
BLOCKS = {"p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr"}
CELLS = {"td", "th"}
SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"}
_invisible = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def text_of(message: EmailMessage) -> str:
    """What the sender wrote, as plain text; the names of what they attached when they wrote nothing."""
    parts = islice(_readable(message), MOST_PARTS)
    text = "\n\n".join(filter(None, (_words(part) for part in parts)))
    return text[:MOST_TEXT] or _names_of_attachments(message)


def covering_text(message: EmailMessage) -> str:
    """What the mail itself says, without any mail that it carries within."""
    parts = islice(_readable(message, within=False), MOST_PARTS)
    return "\n\n".join(filter(None, (_words(part) for part in parts)))[:MOST_TEXT]


def leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """The first parts that hold no others, wherever they stand."""
    return islice((part for part in message.walk() if not part.is_multipart()), MOST_PARTS)


def _readable(part: EmailMessage, depth: int = 0, within: bool = True) -> Iterator[EmailMessage]:
    """The text parts in reading order: of alternatives the plain one, unless only HTML says anything."""
    kind = part.get_content_type()
    if depth > DEEPEST or part.get_content_disposition() == "attachment":
        return
    if kind in {"text/plain", "text/html"}:
        yield part
    elif kind == "multipart/alternative":
        yield from _preferred(part, depth)
    elif kind == "multipart/report":
        yield from _readable_of(children(part)[:1], depth, within)
    elif part.is_multipart() and kind != "message/delivery-status" and (within or not kind.startswith("message/")):
        yield from _readable_of(children(part), depth, within)


def _readable_of(parts: list[EmailMessage], depth: int, within: bool) -> Iterator[EmailMessage]:
    for part in parts:
        yield from _readable(part, depth + 1, within)


def _preferred(part: EmailMessage, depth: int) -> list[EmailMessage]:
    choices = [list(_readable(child, depth + 1)) for child in children(part)]
    spoken = [choice for choice in choices if any(_words(one) for one in choice)]
    plain = [choice for choice in spoken if choice[0].get_content_type() == "text/plain"]
    return next(iter(plain or spoken), [])


def children(part: EmailMessage) -> list[EmailMessage]:
    """The parts directly within ``part``; none for a leaf."""
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, EmailMessage)] if part.is_multipart() else []


def _words(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    text = decode(payload[:MOST_BYTES], _charset(part)) if isinstance(payload, bytes) else ""
    if part.get_content_type() == "text/html":
        text = from_html(text)
    elif flowed.says_so(part):
        text = flowed.joined(text[:MOST_TEXT], spaces_go=flowed.spaces_go(part))
    return tidy(text)


def _charset(part: EmailMessage) -> str:
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError, AttributeError, TypeError):
        return ""


def decode(content: bytes, charset: str) -> str:
    """``content`` as text, never raising, whatever it says that it is in."""
    for candidate in charsets.likely(content, charset):
        try:
            return content.decode(candidate)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Without what a row cannot hold or an eye cannot see; no-break spaces become spaces."""
    whole = text.encode("utf-8", "replace").decode()
    return _invisible.sub("", whole).replace("\xa0", " ")


def tidy(text: str) -> str:
    """Lines without trailing spaces, and at most one empty line between paragraphs."""
    lines = [line.rstrip() for line in clean(text[:MOST_TEXT]).replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _names_of_attachments(message: EmailMessage) -> str:
    parts = islice(message.walk(), MOST_PARTS)
    names = [name for part in parts if (name := part.get_filename())]
    return clean(f"{NO_WORDS} Attached: {', '.join(names[:10])}.)") if names else ""


def from_html(html: str) -> str:
    """Plain text with its paragraphs, its lists and its quotations (each line behind ``>``).

    Of HTML with more tags than any letter has, only the words are kept: a hundred thousand elements within
    each other would keep the parser busy for minutes.
    """
    if html.count("<", 0, MOST_TEXT) > MOST_TAGS:
        return unescape(re.sub(r"<[^<>]*>", "\n", html[:MOST_TEXT]))
    reader = _Paragraphs()
    reader.feed(_clean_html(html[:MOST_TEXT]))
    reader.close()
    return reader.text()


def _clean_html(html: str) -> str:
    silent = {"script", "style", "title"}
    return nh3.clean(html, tags=BLOCKS | CELLS | {"br"}, attributes={}, clean_content_tags=silent)


class _Paragraphs(HTMLParser):
    """Collects lines; it sees only the few tags that nh3 left."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in CELLS:
            self._line.append(" ")
            return
        self._break(empty=tag in SPACED)
        self._depth += tag == "blockquote"
        if tag == "li":
            self._line.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in CELLS:
            return
        self._break(empty=tag in SPACED)
        self._depth -= tag == "blockquote" and self._depth > 0

    def handle_data(self, data: str) -> None:
        self._line.append(data)

    def _break(self, empty: bool) -> None:
        line = " ".join("".join(self._line).split())
        self._line.clear()
        if line:
            self._lines.append((self._depth, line))
        if empty and self._lines and self._lines[-1][1]:
            self._lines.append((self._depth, ""))

    def text(self) -> str:
        self._break(empty=False)
        return "\n".join(f"{'>' * depth}{' ' if depth else ''}{line}".rstrip() for depth, line in self._lines)
