"""What a PDF lacks for those who hear it: PDF/UA-1 (ISO 14289-1), as far as a program can tell."""

import re
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

import paper

_KINDS = """Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private H H1 H2 H3 H4 H5 H6 P
    L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Figure
    Formula Form"""
STANDARD = frozenset(_KINDS.split())
"""The kinds of element that ISO 32000-1 (14.8.4) knows, so that any screen reader does."""
_PAINTS = {b"Tj", b"TJ", b"'", b'"', b"f", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh", b"Do"}


def lacks(content: bytes) -> list[str]:
    """Every fault in a sentence; none is good."""
    read = paper.reader(content)
    tagged = "/StructTreeRoot" in read.root_object
    pages = [fault for number, page in enumerate(read.pages, 1) for fault in _on(page, number, read)]
    return [*_of_all(content, read), *pages, *(_in_tags(paper.tags(content)) if tagged else ["it has no tags"])]


def _of_all(content: bytes, read: PdfReader) -> list[str]:
    root: Any = read.root_object
    about = root["/Metadata"].get_object().get_data() if "/Metadata" in root else b""
    return _true(
        {
            "it is not marked as tagged": not root.get("/MarkInfo", {}).get("/Marked"),
            "some of its tags are suspect": root.get("/MarkInfo", {}).get("/Suspects"),
            "it has no language": not root.get("/Lang"),
            "its file's name stands in place of its title": not _shows_title(root),
            "it has no title": not re.search(rb"<dc:title>.*?>[^<>\s][^<>]*<.*?</dc:title>", about, re.DOTALL),
            "it does not say that it is PDF/UA-1": not re.search(rb'pdfuaid:part(>|=")1', about),
            "a font is not embedded": not all(paper.fonts(content).values()),
            "it is locked": read.is_encrypted,
        }
    )


def _shows_title(root: Any) -> bool:
    return bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"))


def _on(page: Any, number: int, read: PdfReader) -> list[str]:
    """Whatever is painted is part of an element or decoration, and every font says which letters it shows."""
    depth, loose = 0, 0
    for _, operator in ContentStream(page.get_contents(), read).operations:
        depth += (operator in {b"BDC", b"BMC"}) - (operator == b"EMC")
        loose += operator in _PAINTS and not depth
    typefaces = [font.get_object() for font in page["/Resources"].get("/Font", {}).values()]
    silent = [typeface for typeface in typefaces if "/ToUnicode" not in typeface]
    return _true(
        {
            f"page {number} paints {loose} things outside its tags": loose,
            f"page {number} has a font whose letters cannot be told": silent,
            f"page {number} is read in no order": page.get("/Annots") and page.get("/Tabs") != "/S",
            f"page {number} is not tied to the tags": "/StructParents" not in page,
        }
    )


def _in_tags(found: list[tuple[str, str]]) -> list[str]:
    kinds = [kind.removeprefix("/") for kind, _ in found]
    levels = [int(kind[1]) for kind in kinds if re.fullmatch("H[1-6]", kind)]
    return _true(
        {
            f"it has tags of no known kind: {sorted(set(kinds) - STANDARD)}": set(kinds) - STANDARD,
            "a figure has no words": any(kind == "/Figure" and not words for kind, words in found),
            "its headings skip a level": any(after > before + 1 for before, after in pairwise([0, *levels])),
            "it has no heading": not levels,
        }
    )


def _true(faults: dict[str, Any]) -> list[str]:
    return [fault for fault, there in faults.items() if there]
