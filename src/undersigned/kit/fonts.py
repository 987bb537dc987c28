"""Which characters this machine can print: those of our own fonts, and of the fonts that the system has."""

import ctypes
import ctypes.util
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

STANDS_IN = "□"
_NEEDS_NO_TYPE = {"Cf", "Cc", "Zs", "Zl", "Zp"}


def unprintable(text: str, folder: Path) -> list[str]:
    """The characters of ``text`` that neither a font in ``folder`` nor one of the system has, each once."""
    ours = _ours(folder)
    strange = [character for character in dict.fromkeys(text) if ord(character) not in ours]
    return [character for character in strange if not _system_has(character)]


def stand_in(text: str, missing: list[str]) -> str:
    """``text`` with something printable in the place of what is ``missing``."""
    mark = STANDS_IN if _system_has(STANDS_IN) else "?"
    return text.translate({ord(character): mark for character in missing})


def has_shape(character: str) -> bool:
    """Whether there is anything to print: a blank, a joiner or a variation selector has no shape of its own."""
    selects = "VARIATION SELECTOR" in unicodedata.name(character, "")
    return not selects and unicodedata.category(character) not in _NEEDS_NO_TYPE


@cache
def _ours(folder: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for path in sorted(folder.glob("*.woff2")):
        with TTFont(path, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)


@lru_cache(maxsize=4096)
def _system_has(character: str) -> bool:
    """Whether Pango will find the character, or need not."""
    if not has_shape(character):
        return True
    library, charset = _system()
    return bool(library and library.FcCharSetHasChar(charset, ord(character)))


@cache
def _system() -> tuple[Any, Any]:
    """Fontconfig, which Pango asks too, and the characters of all its fonts together."""
    name = ctypes.util.find_library("fontconfig")
    if name is None:
        return None, None
    library = ctypes.CDLL(name)
    library.FcPatternCreate.restype = ctypes.c_void_p
    library.FcFontSort.restype = ctypes.c_void_p
    library.FcFontSort.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    library.FcConfigSubstitute.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    library.FcDefaultSubstitute.argtypes = [ctypes.c_void_p]
    library.FcCharSetHasChar.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    pattern = library.FcPatternCreate()
    library.FcConfigSubstitute(None, pattern, 0)
    library.FcDefaultSubstitute(pattern)
    charset, result = ctypes.c_void_p(), ctypes.c_int()
    found = library.FcFontSort(None, pattern, 1, ctypes.byref(charset), ctypes.byref(result))
    return (library, charset) if found and charset else (None, None)
