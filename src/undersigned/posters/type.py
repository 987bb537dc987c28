"""Our own type for pictures: each letter from the file that has it, and lines as long as they may be."""

from functools import lru_cache
from typing import Any, Final

from PIL import ImageFont
from PIL.ImageDraw import ImageDraw

from undersigned.kit.pages import ASSETS

SERIF, SERIF_ITALIC, SANS = "newsreader", "newsreader-italic", "atkinson"
EXTENDED: Final = (range(0x100, 0x250), range(0x1E00, 0x1F00))
WEIGHTS: Final[dict[str, list[float]]] = {SERIF: [500, 72], SERIF_ITALIC: [500, 72], SANS: [400]}


@lru_cache(maxsize=64)
def _font(face: str, size: int, extended: bool) -> Any:
    path = ASSETS / "fonts" / f"{face}-latin{'-ext' if extended else ''}.woff2"
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes(WEIGHTS[face])
    return font


def _runs(text: str) -> list[tuple[bool, str]]:
    """``text`` in pieces that one file can set: Welsh ŵ and the like are in a file of their own."""
    runs: list[tuple[bool, str]] = []
    for letter in text:
        extended = any(ord(letter) in some for some in EXTENDED)
        if runs and runs[-1][0] == extended:
            runs[-1] = (extended, runs[-1][1] + letter)
        else:
            runs.append((extended, letter))
    return runs


def length(text: str, face: str, size: int) -> float:
    """How long ``text`` is in pixels."""
    return float(sum(_font(face, size, extended).getlength(run) for extended, run in _runs(text)))


def write(draw: ImageDraw, at: tuple[float, float], text: str, face: str, size: int, colour: str) -> float:
    """Set ``text`` with its baseline at ``at``, and answer where it ends."""
    x, y = at
    for extended, run in _runs(text):
        font = _font(face, size, extended)
        draw.text((x, y), run, fill=colour, font=font, anchor="ls")
        x += font.getlength(run)
    return x


def lines(text: str, face: str, size: int, width: float) -> list[str]:
    """``text`` in lines of at most ``width`` pixels; a word that is longer has a line of its own."""
    found: list[str] = []
    for word in text.split():
        if found and length(f"{found[-1]} {word}", face, size) <= width:
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word)
    return found


def fitted(
    text: str, face: str, sizes: tuple[int, ...], width: float, height: float, leading: float
) -> tuple[int, list[str]]:
    """The largest of ``sizes`` at which ``text`` fits into ``width`` by ``height`` pixels, and its lines.

    At the smallest, what is too much is cut with an ellipsis.
    """
    for size in sizes:
        found = lines(text, face, size, width)
        if len(found) * size * leading <= height and all(length(line, face, size) <= width for line in found):
            return size, found
    size = sizes[-1]
    found = lines(text, face, size, width)
    most = max(1, int(height // (size * leading)))
    if len(found) > most:
        found = [*found[: most - 1], f"{found[most - 1]} …"]
    return size, [_shortened(line, face, size, width) for line in found]


def _shortened(line: str, face: str, size: int, width: float) -> str:
    if length(line, face, size) <= width:
        return line
    while line and length(f"{line}…", face, size) > width:
        line = line[:-1]
    return f"{line}…"
