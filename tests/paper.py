"""What a reader finds in a PDF: its words, its type, and where its lines stand."""

import io
import os
import re
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 20.0, 110.0, 48.0, 80.0
"""The window of a DL envelope, in millimetres from the left and from the top of the folded sheet."""
needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None and not os.environ.get("CI"),
    reason="pdftotext is not installed (poppler-utils); in CI this is a failure",
)
"""Positions are read with poppler, which `make test` installs; it is left out only where it is not."""


@dataclass(frozen=True)
class Line:
    """One line, in millimetres from the left and from the top of its page."""

    words: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def shows_in_the_window(self) -> bool:
        return self.bottom > TOP and self.top < BOTTOM and self.left < RIGHT

    @property
    def is_inside_the_window(self) -> bool:
        return self.left >= LEFT and self.right <= RIGHT and self.top >= TOP and self.bottom <= BOTTOM

    def overlaps(self, other: "Line") -> bool:
        """Whether the two are printed over one another, by more than what a descender may take."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.5 and down > 1.5


def lines(content: bytes, folder: Path, page: int = 1) -> list[Line]:
    """Where pdftotext finds the lines of a page."""
    path = folder / "paper.pdf"
    path.write_bytes(content)
    command = ["pdftotext", "-bbox-layout", "-f", str(page), "-l", str(page), str(path), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = []
    for box, inside in re.findall(r"<line ([^>]*)>(.*?)</line>", said, re.DOTALL):
        at = {name: float(value) / MM for name, value in re.findall(r'(\w+)="([\d.]+)"', box)}
        words = unescape(" ".join(re.findall(r"<word [^>]*>(.*?)</word>", inside)))
        found.append(Line(words, at["xMin"], at["xMax"], at["yMin"], at["yMax"]))
    return found


def reader(content: bytes) -> PdfReader:
    """The PDF, open."""
    return PdfReader(io.BytesIO(content))


def text(content: bytes) -> str:
    """All its words."""
    return "\n".join(page.extract_text() for page in reader(content).pages)


def plain(words: str) -> str:
    """Words alone: ligatures undone, white space and hyphens at the ends of lines forgotten."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words).replace("\u00ad", ""))


def fonts(content: bytes) -> dict[str, bool]:
    """The name of every font, and whether it is embedded."""
    found = {}
    for page in reader(content).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            told: Any = font.get_object()
            descendant = told["/DescendantFonts"][0].get_object()
            embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())
            found[str(told["/BaseFont"]).split("+")[-1]] = bool(embedded)
    return found


def tags(content: bytes) -> list[tuple[str, str]]:
    """The structure of a tagged PDF: each element's kind and, where it has one, the words that stand for it."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((str(node["/S"]), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node["/K"])

    walk(reader(content).root_object["/StructTreeRoot"])
    return found
