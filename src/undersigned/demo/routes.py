"""The demo's inbox: read what would have been sent, and reply as the MP."""

from typing import Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.demo import answering, inbox
from undersigned.kit import limits, pages
from undersigned.kit.errors import Missing
from undersigned.kit.forms import typed
from undersigned.settings import settings

KNOCKS, KNOCKS_AN_HOUR = 20, 120
ALONE = {
    **pages.PRIVATE,
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "x-frame-options": "SAMEORIGIN",
}


async def only_in_a_demo(request: Request[Any, Any, Any]) -> None:
    """Raises Missing unless this is a demo: an inbox anybody may read belongs nowhere else."""
    pages.current_path.set(request.url.path)
    if not settings.demo:
        raise Missing("There is nothing at this address.")


@get("/")
async def inbox_page(q: FromQuery[str] = "", page: FromQuery[int] = 1) -> Response[str]:
    words = q.strip()[:254]
    found = await inbox.page(words, min(max(page, 1), 10_000))
    return pages.page("demo/inbox.html", page=found, q=words)


@get("/{name:str}")
async def message_page(name: FromPath[str], sent: FromQuery[str] = "") -> Response[str]:
    mailed = await inbox.read(name)
    return pages.page(
        "demo/message.html",
        mailed=mailed,
        text_html=inbox.linked(mailed.text),
        kinds=answering.KINDS,
        sent=sent if sent in answering.KINDS else "",
    )


@get("/{name:str}/html")
async def html_part(name: FromPath[str]) -> Response[str]:
    """The HTML part by itself, shut in: no script, nothing fetched, no way to our cookies."""
    mailed = await inbox.read(name)
    return Response(mailed.html, media_type=MediaType.HTML, headers=ALONE)


@post("/{name:str}/reply")
async def reply(name: FromPath[str], request: Request[Any, Any, Any]) -> Redirect:
    """Put a reply from the MP through the mailroom."""
    mailed, values = await inbox.read(name), await typed(request)
    await limits.check("demo-reply", request, KNOCKS, KNOCKS_AN_HOUR)
    kind = values.get("kind", "answer")
    await answering.reply(mailed, kind, values.get("text", ""))
    return Redirect(f"/demo/inbox/{name}?sent={kind}", status_code=303)


router = Router(
    "/demo/inbox",
    route_handlers=[inbox_page, message_page, html_part, reply],
    before_request=only_in_a_demo,
)
