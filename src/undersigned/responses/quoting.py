"""The reply told apart from what it quotes; nothing is thrown away."""

import re
from functools import cache

from mailparser_reply.parser import EmailMessage as ReplyParser

LONGEST_LINE = 200
LONGEST_DISCLAIMER = 1_000
MOST_SEARCHED = 60_000
LONG_LINE = re.compile(rf"^.{{{LONGEST_LINE},}}$", re.MULTILINE)
# Paragraphs that an office's server adds to every mail: folded like a quotation, since nobody wrote them to us.
SURELY = re.compile(
    r"[\s>*_-]*(?:UK Parliament Disclaimer|Senedd Cymru .{0,80}disclaimer|House of Commons disclaimer|"
    r"This e-?mail is confidential to the intended recipient)\b",
    re.IGNORECASE | re.DOTALL,
)
BEGINS = re.compile(
    r"[\s>*_-]*(?:(?:this|the) (?:e-?mail|message|information|communication|transmission|content)|any views|"
    r"if you (?:have received|are not the intended)|mae'?r (?:e-?bost|neges) h[wo]n|(?:caution|warning|"
    r"\[?external)\b)",
    re.IGNORECASE,
)
SAYS = re.compile(
    r"\bintended (?:only |solely )?(?:for|recipient)|\bconfidential (?:and|to|inform)|\breceived .{0,40}in "
    r"error\b|"
    r"\bbeen scanned\b|\bcomputer virus|\bcyfrinachol\b|\boutside (?:of )?(?:the|your|our) organi[sz]ation\b|"
    r"\bdo(?:es)? not (?:necessarily )?(?:represent|reflect) (?:the|those)\b|\bnot (?:necessarily )?those of\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\n[ \t]*\n")
# The library knows English headers; these are Welsh ones, rules of underscores, and plain separators.
OURS = re.compile(
    r"^(?:> ?)*(?:"
    r"(?:Ar|Dydd|Ddydd) .{4,160}(?:ysgrifennodd|ysgrifennwyd).{0,120}:"
    r"|Oddi wrth: ?.*\n(?:> ?)*(?:Anfonwyd|Dyddiad|At|I|Pwnc): ?.*"
    r"|-{3,} ?(?:Original Message|Neges wreiddiol|Forwarded message) ?-{3,}"
    r"|_{20,}\n+(?:From|Oddi wrth): ?.*"
    r")[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


def split(text: str) -> tuple[str, str]:
    """The sender's own words, and everything quoted or boilerplate, each in its order.

    When all of it looks quoted, somebody answered between the lines, or forwarded the answer: then only the
    lines behind ``>`` count as quoted.
    """
    words, disclaimers = _without_disclaimers(text)
    at = _where_quotation_begins(words)
    if words[:at].strip():
        own, quoted = _trailing(words[:at])
        quoted = "\n".join(filter(None, (quoted, words[at:])))
    else:
        own, quoted = _between_the_lines(words)
    return own.strip(), "\n\n".join(filter(None, (quoted.strip(), disclaimers)))


def _without_disclaimers(text: str) -> tuple[str, str]:
    paragraphs = BETWEEN.split(text)
    official = [_is_disclaimer(paragraph) for paragraph in paragraphs]
    kept = [one for one, folded in zip(paragraphs, official, strict=True) if not folded]
    found = [one.strip() for one, folded in zip(paragraphs, official, strict=True) if folded]
    return "\n\n".join(kept).strip() if found else text, "\n\n".join(found)


def _is_disclaimer(paragraph: str) -> bool:
    if SURELY.match(paragraph):
        return True
    return bool(BEGINS.match(paragraph) and SAYS.search(" ".join(paragraph[:LONGEST_DISCLAIMER].split())))


def _where_quotation_begins(text: str) -> int:
    """The place of the first header of a quoted mail, or the end.

    The library's own expressions find it; its splitting would drop rules of dashes. Long lines are hidden
    from them, since they are never headers and can keep such expressions busy for hours.
    """
    near = LONG_LINE.sub(lambda line: "\n" * len(line.group()), text[:MOST_SEARCHED])
    places = [match.start() for pattern in (_library(), OURS) if (match := pattern.search(near))]
    return min(places, default=len(text))


@cache
def _library() -> re.Pattern[str]:
    pattern: re.Pattern[str] = ReplyParser(text="", languages=["en"]).HEADER_REGEX
    return pattern


def _trailing(text: str) -> tuple[str, str]:
    """Quoted lines at the end go, with nothing above them to say that they are a quotation."""
    lines = text.rstrip().split("\n")
    end = len(lines)
    while end > 1 and (lines[end - 1].startswith(">") or not lines[end - 1].strip()):
        end -= 1
    return "\n".join(lines[:end]), "\n".join(lines[end:]).strip()


def _between_the_lines(text: str) -> tuple[str, str]:
    lines = text.split("\n")
    own = [line for line in lines if not line.startswith(">")]
    if len(own) == len(lines):
        return text, ""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(own)), "\n".join(line for line in lines if line[:1] == ">")
