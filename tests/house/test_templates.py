"""What the browser is given: nothing inline, which our policy would refuse, and nothing that is not there."""

import re
from pathlib import Path

import pytest

from house.tree import ROOT, TEMPLATES, kept, short, templates

ASSETS = TEMPLATES / "assets"
PAGES = [path for path in templates(".html", ".svg") if "emails" not in path.parts]
INLINE = {
    "a style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    # What search engines read (JSON-LD) is data to a browser, and no policy is asked about it.
    "a script": re.compile(
        r"<script\b(?![^>]*\ssrc=|\stype=\"application/ld\+json\">)|javascript:", re.IGNORECASE
    ),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
}


def _text(path: Path) -> str:
    """A template without its comments."""
    return re.sub(r"\{#.*?#\}|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_a_page_has_nothing_inline(path: Path) -> None:
    text = _text(path)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


def test_every_asset_that_a_template_names_is_there() -> None:
    names = {
        name for path in templates(".html", ".svg") for name in re.findall(r"asset\(['\"]([^'\"]+)", _text(path))
    }
    assert names
    assert {name for name in names if not (ASSETS / name).is_file()} == set()


def test_assets_are_named_with_their_fingerprint() -> None:
    """A bare address would be kept by browsers for a year, whatever the file becomes."""
    bare = [short(path) for path in templates(".html") if re.search(r"['\"]/assets/", _text(path))]
    assert bare == []


@pytest.mark.parametrize("path", [path for path in kept() if path.suffix == ".css"], ids=short)
def test_everything_that_a_stylesheet_names_is_there(path: Path) -> None:
    named = re.findall(r"url\(\s*['\"]?([^'\")]+)", _text(path))
    ours = [name for name in named if not name.startswith(("data:", "#"))]
    assert [name for name in ours if not (path.parent / name).is_file()] == []


def test_every_template_that_a_template_or_the_code_names_is_there() -> None:
    naming = re.compile(r"['\"]((?:[a-z_]+/)+[a-z_]+\.(?:html|txt))['\"]")
    files = [*templates(".html", ".txt"), *(path for path in kept() if path.is_relative_to(ROOT / "src"))]
    named = {
        name
        for path in files
        if path.suffix in {".html", ".txt", ".py"}
        for name in naming.findall(path.read_text(encoding="utf-8"))
    }
    there = [name for name in named if not name.startswith("letters_shared/")]
    assert len(there) > 20
    assert [name for name in there if not (TEMPLATES / name).is_file()] == []


def test_nothing_is_loaded_from_another_site() -> None:
    loading = re.compile(r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)=['\"](?:https?:)?//")
    assert [short(path) for path in templates(".html") if loading.search(_text(path))] == []
