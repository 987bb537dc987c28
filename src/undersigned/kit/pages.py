"""Jinja, set up once for pages, e-mails and letters."""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

import nh3
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from litestar import MediaType, Request, Response
from litestar.datastructures import CacheControlHeader
from markdown_it import MarkdownIt
from markupsafe import Markup

from undersigned.kit import plain_text
from undersigned.kit.days import LONDON
from undersigned.settings import ROOT, settings

TEMPLATES = ROOT / "templates"
ASSETS = TEMPLATES / "assets"
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def number(value: int) -> str:
    """4183 as "4,183"."""
    return f"{value:,}"


def day(value: date | datetime) -> str:
    """A day as people say it: "12 March 2026", in London."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """A day and a time in London: "12 March 2026 at 10:31"."""
    local = value.astimezone(LONDON)
    return f"{day(local)} at {local:%H:%M}"


def exact_moment(value: datetime) -> str:
    """As :func:`moment`, for what happens more than once a minute: "12 March 2026 at 10:31:07"."""
    return f"{moment(value)}:{value:%S}"


def clock_time(value: datetime) -> str:
    """The time alone, in London: "18:00"."""
    return f"{value.astimezone(LONDON):%H:%M}"


def markdown(text: str) -> Markup:
    """CommonMark with tables as HTML that cannot harm: no raw HTML, no scripts, links without a referrer."""
    clean = nh3.clean(_markdown.render(text), link_rel="noopener noreferrer nofollow")
    return Markup(clean)  # noqa: S704 - nh3 has just cleaned it.


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file in templates/assets, changed whenever the file changes."""
    return f"/assets/{name}?v={_fingerprint(ASSETS / name)}"


class Site:
    """What every page may say about this installation, and where on it the visitor is."""

    def __init__(self) -> None:
        self.credit: Callable[[], tuple[str, ...]] = tuple

    @property
    def attributions(self) -> tuple[str, ...]:
        """The lines that the licences of our data ask for; app.py says where they come from."""
        return self.credit()

    @property
    def name(self) -> str:
        return settings.site_name

    @property
    def base_url(self) -> str:
        return settings.base_url

    @property
    def contact(self) -> str:
        """The bare address that our e-mails come from, where people can write to us."""
        return parseaddr(settings.mail_from)[1]

    @property
    def demo(self) -> bool:
        return settings.demo

    @property
    def path(self) -> str:
        return current_path.get()


current_path: ContextVar[str] = ContextVar("current_path", default="")
site = Site()


@cache
def environment() -> Environment:
    """One environment for everything that we wrote; nothing a visitor typed is ever compiled."""
    ours = FileSystemLoader(TEMPLATES)
    letters = PrefixLoader({"letters_shared": FileSystemLoader(ROOT / "letters" / "shared")})
    jinja = Environment(
        loader=ChoiceLoader([ours, letters]),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
    )
    jinja.globals |= {"site": site, "asset": asset}
    jinja.filters |= {
        "number": number,
        "day": day,
        "moment": moment,
        "exact_moment": exact_moment,
        "clock": clock_time,
        "markdown": markdown,
        "plain": plain_text.of,
    }
    return jinja


def render(template: str, **context: Any) -> str:
    """One template filled in. A name that the template wants and we forgot is an error."""
    return environment().get_template(template).render(context)


PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


def page(template: str, status: int = 200, **context: Any) -> Response[str]:
    """A page for one person: never kept by a cache, never in a search engine."""
    html = render(template, **context)
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=PRIVATE)


def has(request: Request[Any, Any, Any], tag: str) -> bool:
    """Whether the visitor already has what ``tag`` stands for (RFC 9110 §13.1.2, compared weakly)."""
    held = request.headers.get("if-none-match", "")
    return bool(held) and tag in {one.strip().removeprefix("W/") for one in held.split(",")}


def not_modified(headers: Mapping[str, str], tag: str) -> Response[Any]:
    """304: nothing has changed since."""
    return Response(b"", status_code=304, headers={**headers, "etag": tag})


def public_page(
    html: str | bytes, seconds: int = 1, request: Request[Any, Any, Any] | None = None
) -> Response[Any]:
    """A page that is the same for everybody and may be kept for ``seconds``; 304 to a ``request`` that has it."""
    kept = CacheControlHeader(public=True, max_age=seconds, stale_while_revalidate=2 * seconds).to_header()
    headers = {"cache-control": f"{kept}, stale-if-error={5 * seconds}"}
    if request is not None:
        content = html if isinstance(html, bytes) else html.encode()
        tag = f'"{zlib.crc32(content):08x}-{len(content):x}"'
        if has(request, tag):
            return not_modified(headers, tag)
        headers["etag"] = tag
    return Response(html, media_type=MediaType.HTML, headers=headers)
