"""HTML in, PDF out; nothing missing in silence."""

import ctypes.util
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from undersigned.kit.errors import Refused

PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class AssetMissing(Exception):
    """A page asked for a file that is not in its folder."""


class PdfUnavailable(Refused):
    """This machine lacks Pango, so there are no PDFs; everything else works."""


@cache
def available() -> bool:
    """Whether this machine can lay out PDFs."""
    return all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0"))


def render(html: str, folder: Path) -> bytes:
    """A tagged PDF/UA-1 (ISO 14289-1) of ``html``; its files are read from ``folder`` and nowhere else.

    Raises AssetMissing when a file is not there, and PdfUnavailable without Pango. It never reaches the
    network. It takes tens of milliseconds: call it in a thread.
    """
    if not available():
        raise PdfUnavailable(f"PDFs are off on this server: it lacks Pango ({PANGO}).")
    import weasyprint

    missing: list[str] = []
    fetcher = _fetcher(folder.resolve(), missing)
    document = weasyprint.HTML(string=html, base_url=f"{folder.resolve().as_uri()}/", url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", font_config=_fonts(), uncompressed_pdf=False)
    if missing:
        raise AssetMissing(f"Not in {folder.name}: {', '.join(sorted(set(missing)))}.")
    return pdf


@cache
def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _fetcher(folder: Path, missing: list[str]) -> Any:
    from weasyprint import URLFetcher

    class OneFolder(URLFetcher):  # type: ignore[misc]
        """Serves files of one folder; WeasyPrint only logs what fails, so we keep a list."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme == "data":
                return super().fetch(url, headers)
            if parts.scheme != "file" or not path.is_relative_to(folder) or not path.is_file():
                missing.append(path.name or url)
                raise AssetMissing(url)
            return super().fetch(path.as_uri(), headers)

    return OneFolder(allowed_protocols=("file", "data"), allow_redirects=False)
