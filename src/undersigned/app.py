"""The web application: routes, and errors as pages."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis
from litestar import Litestar, MediaType, Request, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from undersigned import __version__, logs
from undersigned.answers.routes import router as answers
from undersigned.centres.routes import router as centres
from undersigned.correspondence.routes import router as correspondence
from undersigned.dashboards.routes import router as dashboards
from undersigned.demo.routes import router as demo
from undersigned.directory.routes import router as directory
from undersigned.editing.routes import router as editing
from undersigned.endorsements.routes import router as endorsements
from undersigned.events.routes import router as events
from undersigned.front.routes import router as front
from undersigned.history.routes import router as history
from undersigned.hosting.routes import router as hosting
from undersigned.interchange.routes import router as interchange
from undersigned.kit import database, limits, pages, tokens
from undersigned.kit.errors import Missing, Refused, Unavailable
from undersigned.kit.redis_client import async_client
from undersigned.letters.routes import router as letters
from undersigned.moderation.routes import router as moderation
from undersigned.news.routes import router as news
from undersigned.open_data import metrics, queues
from undersigned.open_data.routes import router as open_data
from undersigned.postcodes import index
from undersigned.posters.routes import router as posters
from undersigned.posting.routes import router as posting
from undersigned.privacy.routes import router as privacy
from undersigned.replies.routes import router as replies
from undersigned.representatives.routes import router as representatives
from undersigned.responses.routes import router as responses
from undersigned.scrutiny.routes import router as scrutiny
from undersigned.seating.routes import router as seating
from undersigned.settings import settings
from undersigned.signatures import announcing, confirmation, signing
from undersigned.signatures.routes import router as signatures
from undersigned.staff.routes import router as staff
from undersigned.stances.routes import router as stances
from undersigned.tracking.routes import router as tracking
from undersigned.wall.routes import router as wall

log = logging.getLogger(__name__)
AnyRequest = Request[Any, Any, Any]

SAFE = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    **({"strict-transport-security": "max-age=31536000"} if settings.secure else {}),
}


@get("/livez", media_type=MediaType.TEXT)
async def livez() -> str:
    """This process answers."""
    return "ok"


@get("/readyz")
async def readyz() -> Response[dict[str, Any]]:
    """Whether the database answers. Redis being away is said, and is no reason to turn people away.

    Nor is work that waits: of each queue it says how much, and for how many seconds the oldest could have left.
    """
    state: dict[str, Any] = {"database": "ok", "redis": "ok"}
    try:
        async with asyncio.timeout(3):
            await database.fetch("SELECT 1")
            waiting = await queues.all_of_them()
            state["queues"] = {q.name: {"waiting": q.waits, "oldest_seconds": round(q.oldest)} for q in waiting}
    except (Unavailable, TimeoutError):
        state["database"] = "away"
    try:
        await async_client().ping()
    except redis.RedisError:
        state["redis"] = "away"
    return Response(state, status_code=200 if state["database"] == "ok" else 503)


@get("/metrics")
async def metrics_text() -> Response[str]:
    """Letters by state, attempts by outcome, and every queue, for a monitor."""
    return Response(await metrics.text(), media_type=metrics.MEDIA_TYPE, headers={"cache-control": "no-store"})


async def remember_path(request: AnyRequest) -> None:
    """Let templates say where the visitor is. Raises Missing for a NUL, which no address of ours holds."""
    pages.current_path.set(request.url.path)
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise Missing("There is nothing at this address. The link may be cut off.")


def make_safe(response: Response[Any]) -> Response[Any]:
    """Every answer carries the same protection, unless its page has set its own."""
    for name, value in SAFE.items():
        if name not in response.headers:
            response.headers[name] = value
    return response


async def make_every_answer_safe(response: Response[Any]) -> Response[Any]:
    """As :func:`make_safe`, without the thread that Litestar would give a plain function."""
    return make_safe(response)


def _error_page(request: AnyRequest, status: int, title: str, message: str) -> Response[Any]:
    pages.current_path.set(request.url.path)
    if request.url.path.endswith(".json") or request.url.path.startswith("/api/"):
        answer = {"status": status, "error": message}
        return make_safe(Response(answer, status_code=status, headers={"access-control-allow-origin": "*"}))
    return make_safe(
        pages.page("errors/error.html", status, code=status, title=title, message=message, words=_words(request))
    )


def _words(request: AnyRequest) -> str:
    """What somebody who is lost may have been looking for, for the search box: the words of the address."""
    last = request.url.path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")
    return " ".join(word for word in last.replace("_", "-").split("-") if word.isalpha())[:80]


def missing(request: AnyRequest, error: Missing) -> Response[Any]:
    """404: with other campaigns to go on to."""
    return _error_page(request, 404, "We cannot find that page", str(error))


def refused(request: AnyRequest, error: Refused) -> Response[Any]:
    """422: the message is a sentence for the person."""
    return _error_page(request, 422, "That did not work", str(error))


def too_many(request: AnyRequest, error: limits.TooManyTries) -> Response[Any]:
    """429: come again later."""
    response = _error_page(request, 429, "Too many tries", str(error))
    response.headers["retry-after"] = str(limits.RETRY_AFTER)
    return response


def spent_token(request: AnyRequest, error: Refused) -> Response[Any]:
    """A link that is foreign, cut off or too old."""
    expired = isinstance(error, tokens.TokenExpired)
    title = "This link has expired" if expired else "This link does not work"
    advice = "Open the newest e-mail from us and use the whole link."
    return _error_page(request, 410 if expired else 404, title, f"{error} {advice}")


def unavailable(request: AnyRequest, error: Exception) -> Response[Any]:
    """503: the same request may succeed in a moment."""
    why = str(error) if isinstance(error, Unavailable) else "The database cannot be reached."
    message = f"{why} Nothing is lost: please try again in a minute."
    response = _error_page(request, 503, "Not just now", message)
    response.headers["retry-after"] = "30"
    return response


def http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """What the framework refused, in our words."""
    words = {
        404: (
            "We cannot find that page",
            "There is nothing at this address. The link may be old or cut off.",
        ),
        405: ("That cannot be done here", "This page can be read, but not in the way that was tried."),
        413: ("That is too much", "What was sent is larger than we can take."),
    }
    title, message = words.get(error.status_code, ("That did not work", "The request could not be read."))
    return _error_page(request, error.status_code, title, message)


def bug(request: AnyRequest, error: Exception) -> Response[Any]:
    """500: ours to mend. The log names the page's route, never what was typed."""
    log.error("A bug at %s: %s", request.scope.get("path_template", "?"), type(error).__name__, exc_info=error)
    message = "Something broke on our side and has been noted. Nothing you did caused it."
    return _error_page(request, 500, "Something went wrong", message)


@asynccontextmanager
async def with_database(_: Litestar) -> AsyncIterator[None]:
    """The pool, for as long as the application runs; what was accepted is written before it closes."""
    await database.connect()
    try:
        async with announcing.listening():
            yield
    finally:
        await signing.drain()
        await confirmation.drain()
        await database.disconnect()


def make_app() -> Litestar:
    """The application. Raises SettingMissing when a secret is wanted and absent."""
    settings.key()
    logs.set_up()
    pages.site.credit = lambda: index.current().licence
    assets = create_static_files_router(
        path="/assets",
        directories=[pages.ASSETS],
        cache_control=CacheControlHeader(public=True, max_age=31_536_000, immutable=True),
    )
    public = [
        front,
        tracking,
        signatures,
        letters,
        responses,
        stances,
        representatives,
        answers,
        posters,
        endorsements,
        centres,
        events,
        privacy,
        demo,
    ]
    hidden = [*public, dashboards, correspondence, seating, moderation, scrutiny, news]
    hidden += [directory, editing, history, interchange, hosting, posting, replies, staff, wall]
    for router in hidden:
        router.include_in_schema = False
    return Litestar(
        route_handlers=[livez, readyz, metrics_text, assets, open_data, *hidden],
        lifespan=[with_database],
        before_request=remember_path,
        after_request=make_every_answer_safe,
        exception_handlers={
            Missing: missing,
            tokens.TokenUnknown: spent_token,
            tokens.TokenExpired: spent_token,
            limits.TooManyTries: too_many,
            Refused: refused,
            Unavailable: unavailable,
            **dict.fromkeys(database.UNREACHABLE, unavailable),
            HTTPException: http_error,
            Exception: bug,
        },
        openapi_config=OpenAPIConfig(
            title="Undersigned", version=__version__, path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
        request_max_body_size=1_000_000,
        logging_config=None,
    )


app = make_app()
