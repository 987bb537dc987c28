"""A likely slip in an e-mail address: gmial.com for gmail.com. It is asked about, never corrected in silence."""

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from undersigned.kit import pages

PROVIDERS: Final = {
    "gmail": ("com",),
    "googlemail": ("com",),
    "hotmail": ("com", "co.uk"),
    "outlook": ("com",),
    "yahoo": ("com", "co.uk"),
    "icloud": ("com",),
    "btinternet": ("com",),
    "virginmedia": ("com",),
    "talktalk": ("net",),
    "ntlworld": ("com",),
    "blueyonder": ("co.uk",),
    "tiscali": ("co.uk",),
}
"""Where most people in the United Kingdom have their mail. Short names are left out: any word is near them."""

LOOK_ALIKES: Final = {"cloud", "email", "hushmail", "mail", "ymail"}
"""Real names of others that are one slip away from those."""

ENDINGS: Final = {
    **dict.fromkeys(("con", "cmo", "ocm", "vom", "xom", "comm", "c0m"), "com"),
    **dict.fromkeys(("co.ku", "co.uj", "co.ik", "co.ukk", "couk", "cou.k"), "co.uk"),
    **dict.fromkeys(("ogr", "orgg"), "org"),
}
"""Endings that do not exist, and what was meant."""

LONG: Final = 7
DOMAINS: Final = [f"{name}.{ending}" for name, endings in PROVIDERS.items() for ending in endings]

# The script beside the field knows the same domains and asks about one slip; we ask about two as well.
pages.environment().globals |= {"mail_domains": DOMAINS, "mail_look_alikes": sorted(LOOK_ALIKES)}


def suggest(address: str) -> str:
    """The address that was probably meant, or “” when there is nothing to ask about."""
    local, _, domain = address.rpartition("@")
    meant = _meant(domain.casefold())
    return f"{local}@{meant}" if meant else ""


@lru_cache(maxsize=4_096)
def _meant(domain: str) -> str:
    name, _, ending = domain.partition(".")
    if name in LOOK_ALIKES or domain in DOMAINS:
        return ""
    if ending in ENDINGS:
        return _meant(f"{name}.{ENDINGS[ending]}") or f"{name}.{ENDINGS[ending]}"
    slips = {known: _slips(name, ending, known) for known in DOMAINS}
    nearest = min(DOMAINS, key=slips.__getitem__)
    return nearest if slips[nearest] <= 2 else ""


def _slips(name: str, ending: str, known: str) -> int:
    """How many keys went wrong (two that swapped are one), or 9: a short name or an ending has one at most.

    So hotmail.it, yahoo.ca and yahoo.co.in, which are real, are two away and nobody is asked about them.
    """
    known_name, _, known_ending = known.partition(".")
    in_name, in_ending = OSA.distance(name, known_name), OSA.distance(ending, known_ending)
    most = 2 if len(known_name) >= LONG else 1
    return in_name + in_ending if in_name <= most and in_ending <= 1 else 9
