"""What a person may be called here."""

import re
import unicodedata

from undersigned.kit import titles
from undersigned.kit.errors import Refused

_WEB_ADDRESS = re.compile(r"https?:|www\.|\.(com|org|net|co|uk|ru|info)\b", re.IGNORECASE)
_NO_NAME = titles.TITLES | {"the", "and", "&"}
_FAMILY_FIRST = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")


class NotAName(Refused):
    """Not what a person is called."""


def parse(text: str) -> str:
    """A person's full name. It may hold no web address, and may not start like a spreadsheet formula."""
    name = " ".join(str(text or "").split())
    if not name:
        raise NotAName("Enter your full name.")
    if len(name) > 100:
        raise NotAName("Names have at most 100 characters here.")
    if holds_web_address(name) or "@" in name or any(not c.isprintable() for c in name):
        raise NotAName("Enter your name without web addresses or symbols.")
    if name[0] in "=+-@" or not any(c.isalpha() for c in name):
        raise NotAName("Enter your name as you would sign it.")
    return name


def first(name: str) -> str:
    """What a person is called before their family's name, without a title: Amina, of “Dr Amina Rahman”.

    “” where that cannot be told, as of “Mrs Patel”: nobody agreed to show the other half of their name.
    """
    family, _, given = name.partition(",")
    words = f"{given} {family}".split() if given.strip() else family.split()
    untitled = [word for word in words if word.removesuffix(".").casefold() not in _NO_NAME]
    if not untitled or any(unicodedata.name(char, "").startswith(_FAMILY_FIRST) for char in name):
        return ""
    if len(untitled) == 1:
        return untitled[0] if len(words) == 1 else ""
    called = [word for word in untitled if not (word.isupper() and len(word) > 2)]
    return (called or untitled)[0]


def holds_web_address(text: str) -> bool:
    """Whether somebody tries to advertise where a name belongs."""
    return bool(_WEB_ADDRESS.search(text))
