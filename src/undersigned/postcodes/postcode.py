"""A postcode as a value: read kindly, written one way."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from undersigned.kit.errors import Refused

EXAMPLE: Final = "SW1A 1AA"
INWARD_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"
LONGEST_INPUT: Final = 64

_AREAS = """
    AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E
    EC EH EN EX FK FY G GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN
    LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP
    SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
AREAS: Final = frozenset(_AREAS.split())
CROWN_DEPENDENCIES: Final = frozenset({"JE", "GY", "IM"})
OVERSEAS_TERRITORIES: Final = {
    "ASCN": "SH",
    "BBND": "IO",
    "BIQQ": "AQ",
    "FIQQ": "FK",
    "GX": "GI",
    "PCRN": "PN",
    "SIQQ": "GS",
    "STHL": "SH",
    "TDCU": "SH",
    "TKCA": "TC",
}
"""Outward code (for Gibraltar, area) to ISO 3166 country."""


class NotAPostcode(Refused):
    """What was typed is not one whole UK postcode; the message says what to do about it."""


class PostcodeMissing(NotAPostcode):
    """Nothing was typed."""


class OutwardCodeOnly(NotAPostcode):
    """Only the first half was typed, as in “SW1A”."""


class PostcodeUnfinished(NotAPostcode):
    """The beginning of a postcode, as in “SW1A 0”."""


class SeveralPostcodes(NotAPostcode):
    """More than one postcode was typed."""


class PostcodeFromAbroad(NotAPostcode):
    """The shape of another country's code: 90210, K1A 0B1, D02 X285."""


class Kind(StrEnum):
    """What sort of place a postcode stands for; says nothing on whether it exists."""

    GEOGRAPHIC = "geographic"
    NON_GEOGRAPHIC = "non_geographic"
    CROWN_DEPENDENCY = "crown_dependency"
    BFPO = "bfpo"
    OVERSEAS = "overseas"


@dataclass(frozen=True, slots=True, order=True)
class Postcode:
    """A well-formed UK postcode, which may or may not exist."""

    outward: str
    inward: str

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}"

    @property
    def area(self) -> str:
        """The letters in front: “SW” of SW1A 1AA."""
        return _area_of(self.outward)

    @classmethod
    def parse(cls, text: "str | Postcode") -> Self:
        """Read what a person typed, forgiving case, spaces, punctuation and the mix-ups O/0 and I/1.

        Raises NotAPostcode or the subclass that fits; never cuts a longer text down to a postcode.
        """
        if isinstance(text, Postcode):
            return cls(text.outward, text.inward)
        if (neat := _NEAT.fullmatch(text)) and _area_of(neat[1]) in AREAS:
            return cls(neat[1], neat[2])
        return cls(*_read(text))


def kind_of(postcode: Postcode) -> Kind:
    """Told from the letters alone, so it needs no index and is never out of date."""
    area = postcode.area
    if area in CROWN_DEPENDENCIES:
        return Kind.CROWN_DEPENDENCY
    if area in {"BF", "BFPO"}:
        return Kind.BFPO
    if area in OVERSEAS_TERRITORIES:
        return Kind.OVERSEAS
    return Kind.NON_GEOGRAPHIC if area in {"GIR", "BX"} else Kind.GEOGRAPHIC


_OUTWARD_PATTERN: Final = (
    r"[A-Z]{1,2}[0-9]|[A-Z]{1,2}[1-9][0-9]|[A-Z][0-9][A-HJKMNPR-Y]|[A-Z]{2}[0-9][ABEHMNPRVWXY]"
    r"|GIR|NPT|ASCN|BBND|BIQQ|FIQQ|PCRN|SIQQ|STHL|TDCU|TKCA"
)
_NEAT: Final = re.compile(rf"({_OUTWARD_PATTERN}) ?([0-9][{INWARD_LETTERS}]{{2}})", re.ASCII)
_OUTWARD: Final = re.compile(_OUTWARD_PATTERN)
_INWARD: Final = re.compile(rf"[0-9OIL][{INWARD_LETTERS}]{{2}}")
_UNFINISHED: Final = re.compile(r"[A-Z]{1,2}[0-9OIL][0-9A-Z]?[0-9OIL][A-Z]?")
_BFPO: Final = re.compile(r"BFPO(?:CO)?([0-9]{1,4})")
_FROM_ABROAD: Final = re.compile(
    r"[0-9]{4,9}|[A-Z][0-9][A-Z][0-9][A-Z][0-9]|(?:[A-Z][0-9]{2}|D6W)[0-9A-Z]{4}|AI2640|VG[0-9]{4}|MSR[0-9]{4}"
    r"|KY[0-9]{5}"
)
_NOISE: Final = re.compile(r"[\W_]+")
_AREA: Final = re.compile(r"[A-Z]+")
_AS_DIGIT: Final = {"O": "0", "I": "1", "L": "1"}
_AS_LETTER: Final = {"0": "O", "1": "I"}
_SHAPES: Final = ("A9", "A99", "AA9", "A9A", "AA99", "AA9A")


def _area_of(outward: str) -> str:
    found = _AREA.match(outward)
    return found[0] if found else ""


def _read(text: str) -> tuple[str, str]:
    typed = text.strip()
    if len(typed) > LONGEST_INPUT:
        raise _not_a_postcode()
    plain = unicodedata.normalize("NFKC", typed).upper()
    squeezed = _NOISE.sub("", plain)
    if not squeezed:
        raise PostcodeMissing("Enter your postcode.")
    if forces := _BFPO.fullmatch(squeezed):
        return "BFPO", str(int(forces[1]))
    if _INWARD.fullmatch(squeezed[-3:]) and (outward := _outward(squeezed[:-3])):
        return outward, _AS_DIGIT.get(squeezed[-3], squeezed[-3]) + squeezed[-2:]
    raise _what_is_wrong(plain, squeezed)


def _outward(typed: str) -> str | None:
    """The likeliest outward code: as typed, else with the fewest letters and digits taken for each other.

    A shape that is right is not enough: “NI7” could be an outward code of an area NI, but there is none, and
    N17 there is. Only where no guess leads to a real area is an unknown one let through, to be unknown.
    """
    well_formed = _OUTWARD.fullmatch(typed) is not None
    if well_formed and (typed.isalpha() or _area_of(typed) in AREAS):
        return typed
    readings = [reading for shape in _SHAPES if (reading := _read_as(typed, shape))]
    unread = typed if well_formed else None
    return min(readings, key=lambda reading: _differences(reading, typed), default=unread)


def _read_as(typed: str, shape: str) -> str | None:
    if len(typed) != len(shape):
        return None
    read = "".join(
        _AS_DIGIT.get(letter, letter) if want == "9" else _AS_LETTER.get(letter, letter)
        for letter, want in zip(typed, shape, strict=True)
    )
    # A guess must at least lead to a real area: “1SW” is not read as an invented “IS”.
    return read if _OUTWARD.fullmatch(read) and _area_of(read) in AREAS else None


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _what_is_wrong(plain: str, squeezed: str) -> NotAPostcode:
    if len(_NEAT.findall(plain)) > 1:
        return SeveralPostcodes("Enter one postcode only: the one where you live.")
    if outward := _outward(squeezed):
        return OutwardCodeOnly(f"{outward} is the first half of a postcode. Enter all of it, like {EXAMPLE}.")
    if _FROM_ABROAD.fullmatch(squeezed):
        return PostcodeFromAbroad(
            "That looks like a code from outside the United Kingdom. "
            f"Choose the country you live in, or enter a UK postcode, like {EXAMPLE}."
        )
    if _UNFINISHED.fullmatch(squeezed) or squeezed == "BFPO":
        return PostcodeUnfinished(f"The end of that postcode is missing. Enter all of it, like {EXAMPLE}.")
    return _not_a_postcode()


def _not_a_postcode() -> NotAPostcode:
    return NotAPostcode(f"That is not a UK postcode. Enter all of it, like {EXAMPLE}.")
