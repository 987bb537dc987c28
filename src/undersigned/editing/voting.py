"""Whether a letter that asks for a vote has other words for whoever does not vote.

The Speaker, the deputies, and members who take no seat do not. A letter without variants is none the worse for it;
one that asks for what its reader cannot do is put aside. Every letter is read as English and as Welsh.
"""

import re

from undersigned.letters.front_matter import BadLetter
from undersigned.letters.template import LetterTemplate

_ENGLISH = (
    r"\b(?:please|would you|will you|could you|you will|you to)\b[^.?!]*\bvot(?:e|ing)\b"
    r"|(?:^|[.?!] )\W*vote\b|\bearly day motion\b"
)
_WELSH = (
    r"\b(?:os gwelwch yn dda|(?:g?wnewch|fyddech|fyddwch|allech|allwch) chi|gofyn\w*|erfyn\w*|hoffwn|gobeithio)"
    r"\b[^.?!]*\b(?:p|b|ph|mh)leidl(?:eisio|ais)\b"
    r"|(?:^|[.?!] )\W*pleidleisiwch\b|\b(?:c|g|ch)ynnig (?:cynnar|ben bore)\b"
)
"""The verb changes its first letter with the word before it: pleidleisio, i bleidleisio, a phleidleisio."""
_ASKS = re.compile(f"{_ENGLISH}|{_WELSH}", re.IGNORECASE)


def check(letter: LetterTemplate, source: str) -> None:
    """Raise BadLetter for the first block that asks for a vote and has no words of its own under ``no_votes``."""
    told = letter.variants.get("no_votes", {})
    for block in letter.blocks:
        texts = [
            block.text,
            *(letter.variants.get(word, {}).get(block.name, "") for word in ("agrees", "opposes")),
        ]
        asking = next((text for text in texts if _ASKS.search(" ".join(text.split()))), None)
        if asking is not None and block.name not in told:
            raise BadLetter(
                f"Line {_line(source, asking)}: the block “{block.name}” asks for a vote, and not every MP votes. "
                f"Say it for those who do not: {block.name} under [variants.no_votes]."
            )


def _line(source: str, text: str) -> int:
    """The line on which ``text`` begins, which the front matter may have written with other signs."""
    at = source.replace("\r\n", "\n").find(text)
    return source.count("\n", 0, at) + 1 if at >= 0 else 1
