"""How a letter greets a member: Dear Sir Keir, Dear Dr Huq, Dear Harriet Vale; never Dear Rt Hon, never Dear MP.

A title that Parliament's list gives is used, and none is guessed.
"""

import re

from undersigned.kit import titles

_HONOURS = re.compile(r"^(the\s+)?(most\s+|very\s+)?(rt\.?\s+hon|right\s+honou?rable|hon|honou?rable)\.?\s+", re.I)
_AFTER = "mp|msp|mla|am|kc|qc|pc|obe|cbe|mbe|dbe|kbe|gbe|kcb|dcb|ch|bt|jp|dl|td|vr|qpm|frs|phd|mrcgp"
_LETTERS = re.compile(rf"((^|,?\s+)({_AFTER}))+$", re.I)
_PARTICLES = re.compile(r"de|del|della|di|da|dos|du|van|von|der|den|ter|la|le|ma?c|ap|ab|[oó]|ní|nic|uí|st", re.I)


def of(address_as: str, display_name: str) -> str:
    """Whom to greet, without the word Dear: Parliament's own form of address, else from the display name."""
    name = _bare(address_as) or _bare(display_name)
    title, _, rest = name.partition(" ")
    words = rest.split()
    if not words:
        return name
    if _plain(title) in titles.KNIGHTS:
        return f"{title} {words[0]}"
    if _plain(title) in titles.BEFORE_SURNAMES:
        return f"{title.rstrip('.')} {_surname(words)}"
    return name


def _bare(name: str) -> str:
    """A name without Dear, Rt Hon, and the letters after it."""
    name = re.sub(r"^(dear|annwyl)\s+", "", " ".join(name.split()), flags=re.I).rstrip(",")
    return _LETTERS.sub("", _HONOURS.sub("", name)).strip()


def _plain(title: str) -> str:
    return title.rstrip(".").casefold()


def _surname(words: list[str]) -> str:
    """The family's name, where the words leave no doubt: of two the last, or what a particle begins.

    Three words may be two first names or two surnames; then all of them are said.
    """
    if len(words) <= 2:
        return words[-1]
    particle = next((at for at, word in enumerate(words[1:-1], 1) if _PARTICLES.fullmatch(word)), None)
    return " ".join(words[particle:] if particle else words)
