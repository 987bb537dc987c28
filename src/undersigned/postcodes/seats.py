"""The 650 Westminster constituencies of 2024, by code."""

import re
from typing import Final

ENGLAND: Final = "E92000001"
WALES: Final = "W92000004"
SCOTLAND: Final = "S92000003"
NORTHERN_IRELAND: Final = "N92000002"
CHANNEL_ISLANDS: Final = "L93000001"
ISLE_OF_MAN: Final = "M83000003"
COUNTRY_NAMES: Final = {
    ENGLAND: "England",
    WALES: "Wales",
    SCOTLAND: "Scotland",
    NORTHERN_IRELAND: "Northern Ireland",
    CHANNEL_ISLANDS: "Channel Islands",
    ISLE_OF_MAN: "Isle of Man",
}

RENAMED: Final = {
    "S14000006": "S14000107",
    "S14000008": "S14000108",
    "S14000010": "S14000109",
    "S14000040": "S14000110",
    "S14000058": "S14000111",
}
"""Codes of 2024 that were replaced in 2025 for the same seat; releases of both years are about."""


def _codes(prefix: str, *ranges: tuple[int, int]) -> list[str]:
    return [f"{prefix}{number:06}" for first, last in ranges for number in range(first, last + 1)]


SEATS_IN_BRITAIN: Final = frozenset(
    [
        *_codes("E14", (1063, 1605)),
        *_codes("W07", (81, 112)),
        *_codes("S14", (21, 21), (27, 27), (45, 45), (48, 48), (51, 51), (60, 111)),
    ]
)
SEATS_IN_NORTHERN_IRELAND: Final = frozenset(_codes("N05", (1, 18)))
SEATS: Final = SEATS_IN_BRITAIN | SEATS_IN_NORTHERN_IRELAND
_SEATS_OF_2010: Final = frozenset(
    [*_codes("E14", (530, 1062)), *_codes("W07", (41, 80)), *_codes("S14", (1, 59)), *_codes("N06", (1, 18))]
)
_NO_SEAT: Final = re.compile(r"|[A-Z]99999999")
_COUNTRIES: Final = {"E": ENGLAND, "W": WALES, "S": SCOTLAND, "N": NORTHERN_IRELAND}


def current_code(code: str) -> str | None:
    """The code of 2025 for a constituency of 2024, or None for anything else."""
    code = RENAMED.get(code, code)
    return code if code in SEATS else None


def is_of_2010(code: str) -> bool:
    """Whether this seat was fought for the last time in 2019."""
    return code in _SEATS_OF_2010 and current_code(code) is None


def means_no_seat(code: str) -> bool:
    """Blank, or the “99999999” that stands for the Crown dependencies in the ONS files."""
    return _NO_SEAT.fullmatch(code) is not None


def country_of(gss_code: str) -> str:
    """The country's own code, told from the constituency's first letter."""
    return _COUNTRIES[gss_code[0]]
