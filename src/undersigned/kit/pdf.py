"""HTML in, PDF out; nothing missing in silence."""

import asyncio
import atexit
import ctypes.util
import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

from undersigned.kit.errors import Refused

PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_laying_out = threading.Lock()
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class AssetMissing(Exception):
    """A page asked for a file that is not in its folder."""


class PdfUnavailable(Refused):
    """This machine lacks Pango, so there are no PDFs; everything else works."""


@cache
def available() -> bool:
    """Whether this machine can lay out PDFs."""
    return all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0"))


def check_available() -> None:
    """Raises PdfUnavailable where this machine cannot lay out PDFs."""
    if not available():
        raise PdfUnavailable(f"PDFs are off on this server: it lacks Pango ({PANGO}).")


def render(html: str, folder: Path, stylesheet: str = "", tagged: bool = True) -> bytes:
    """A tagged PDF/UA-1 (ISO 14289-1) of ``html``; its files are read from ``folder`` and nowhere else.

    ``stylesheet`` is a file of the folder, read and its fonts loaded once for all documents. Without ``tagged`` it
    is for paper alone: smaller, and with nothing for those who hear it. Raises AssetMissing
    when a file is not there, and PdfUnavailable without Pango. It never reaches the network. It takes tens of
    milliseconds, so a page calls :func:`rendered`. Documents are laid out one at a time, since they share
    their fonts.
    """
    check_available()
    import weasyprint

    folder = folder.resolve()
    missing: list[str] = []
    with _laying_out:
        fonts, styles = _styled(folder, stylesheet, _changed(folder, stylesheet))
        fetcher = _fetcher(folder, missing)
        document = weasyprint.HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=fetcher)
        pdf: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1" if tagged else None, font_config=fonts, stylesheets=styles
        )
    _refuse(folder, missing)
    return pdf


async def rendered(html: str, folder: Path, stylesheet: str = "", tagged: bool = True) -> bytes:
    """As :func:`render`, in a thread: one at a time, so that those that wait leave all other threads free."""
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(1))
    async with turn:
        return await asyncio.to_thread(render, html, folder, stylesheet, tagged)


def _changed(folder: Path, stylesheet: str) -> int:
    """When the stylesheet was last written, so that an edited one is read again."""
    if not stylesheet:
        return 0
    try:
        return (folder / stylesheet).stat().st_mtime_ns
    except OSError as error:
        raise AssetMissing(f"Not in {folder.name}: {stylesheet}.") from error


@lru_cache(maxsize=4)
def _styled(folder: Path, stylesheet: str, _when: int) -> tuple[Any, list[Any]]:
    """The fonts, and the stylesheet that loads them. Raises AssetMissing."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    if not stylesheet:
        return fonts, []
    missing: list[str] = []
    fetcher = _fetcher(folder, missing)
    css = CSS(filename=str(folder / stylesheet), url_fetcher=fetcher, font_config=fonts)
    _refuse(folder, missing)
    return fonts, [css]


atexit.register(_styled.cache_clear)  # Fonts are let go while there is still somebody to do it.


def _refuse(folder: Path, missing: list[str]) -> None:
    if missing:
        raise AssetMissing(f"Not in {folder.name}: {', '.join(sorted(set(missing)))}.")


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
