"""Mistyped tracked addresses: the letter that one was meant for.

The first eight characters of a token are the letter's number and the other sixteen its seal. Undoing one
slip in the number gives a few hundred numbers, each of which has one right token; what was typed must be at
least 0.8 like it. So no table is searched, and inventing an address that passes stays hopeless.
"""

import re

from rapidfuzz import fuzz

from undersigned.delivery import addresses
from undersigned.kit import tokens

ALIKE = 80.0
NUMBER = 8
WHOLE = 24
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LIKE_LETTERS = str.maketrans("018", "olb")
OUR_PREFIX = re.compile(r"^[l1i]?e?tt?t?e?r[-_. ]*", re.IGNORECASE)
MOST_GUESSED = 20


def letters_near(ours: list[str]) -> set[int]:
    """The numbers of the letters whose addresses are nearly among ``ours``."""
    typed = {one for address in ours[:MOST_GUESSED] if (one := _token_in(address))}
    return {letter_id for one in typed for letter_id in _letters_near(one)}


def _token_in(address: str) -> str:
    """What stands where a token should, with the digits that base 32 lacks read as letters."""
    local = address.rpartition("@")[0].lower()
    prefix = OUR_PREFIX.match(local)
    token = re.sub(r"[^a-z0-9]", "", local[prefix.end() :] if prefix else local).translate(LIKE_LETTERS)
    return token if abs(len(token) - WHOLE) <= 3 else ""


def _letters_near(typed: str) -> set[int]:
    numbers = {_number(spelling) for spelling in _respelt(typed[: NUMBER + 1])} - {None}
    return {number for number in numbers if number is not None and _alike(typed, number)}


def _alike(typed: str, letter_id: int) -> bool:
    right = tokens.address_token(addresses.PURPOSE, letter_id)
    return fuzz.ratio(typed, right) >= ALIKE


def _number(spelling: str) -> int | None:
    """The letter's number in the first characters of a token; base 32 of five bytes, highest first."""
    if len(spelling) < NUMBER or any(character not in ALPHABET for character in spelling[:NUMBER]):
        return None
    number = 0
    for character in spelling[:NUMBER]:
        number = number * 32 + ALPHABET.index(character)
    return number


def _respelt(start: str) -> set[str]:
    """``start`` and everything one slip away: a letter wrong, missing, doubled, or two exchanged."""
    places = range(min(len(start), NUMBER))
    wrong = {start[:i] + letter + start[i + 1 :] for i in places for letter in ALPHABET}
    missing = {start[:i] + letter + start[i:] for i in places for letter in ALPHABET}
    doubled = {start[:i] + start[i + 1 :] for i in places}
    exchanged = {start[:i] + start[i + 1 : i + 2] + start[i] + start[i + 2 :] for i in places}
    return {start} | wrong | missing | doubled | exchanged
