"""The inbox of replies: the list, and one reply after the other."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, typed
from undersigned.replies import listing
from undersigned.replies.listing import Wanted
from undersigned.responses import attachments, deciding
from undersigned.responses.wording import DETAIL_WORDS, KIND_WORDS
from undersigned.staff import audit
from undersigned.staff.routes import only_staff


@get("/replies", may="read letters")
async def replies_page(request: Asked, page: FromQuery[int] = 1) -> Response[str]:
    """What came back, of every campaign or of one: ``?campaign=``, ``?show=``, ``?sort=``, and ``?of=`` whom."""
    wanted = Wanted.asked(request.query_params)
    found = await listing.listed(wanted, min(max(page, 1), 10_000))
    if any(row["text"] for row in found.rows):
        await audit.record_reading("replies read", f"{len(found.rows)} in a list", request.user.id)
    return await desk_page(
        request,
        "replies",
        page=found,
        wanted=wanted,
        shows=listing.SHOWS,
        sorts=listing.SORTS,
        campaigns=await listing.campaigns(),
        unsure=await deciding.how_many_unsure(),
        kind_words=KIND_WORDS,
        detail_words=DETAIL_WORDS,
    )


@get("/replies/{response_id:int}", may="read letters")
async def reply_page(request: Asked, response_id: RowId, done: FromQuery[int] = 0) -> Response[str]:
    """One reply, with the one before and the one after; that somebody read it is in the audit.

    ``?done=`` is the reply that was sorted a moment ago, when that led here.
    """
    return await _reply(request, response_id, Wanted.asked(request.query_params), Form(), done=done)


async def _reply(
    request: Asked, response_id: int, wanted: Wanted, form: Form, status: int = 200, done: int = 0
) -> Response[str]:
    found = await listing.reply(response_id)
    if found is None:
        raise Missing("There is no such reply.")
    await audit.record_reading("reply read", f"response {response_id}", request.user.id)
    files = await attachments.of_responses([response_id]) if not found["is_private"] else {response_id: []}
    return await desk_page(
        request,
        "reply",
        status,
        reply=found,
        form=form,
        files=files[response_id],
        wanted=wanted,
        beside=await listing.beside(wanted, response_id),
        done=done,
        kind_words=KIND_WORDS,
        detail_words=DETAIL_WORDS,
    )


@post("/replies/{response_id:int}", may="place mail")
async def sort(request: Asked, response_id: RowId) -> Response[Any]:
    """Say what a reply is, and go on to the next of those that were being read."""
    values, wanted = await typed(request), Wanted.asked(request.query_params)
    after = (await listing.beside(wanted, response_id)).after
    try:
        await deciding.decide(response_id, values.get("kind", ""), request.user.id)
    except Refused as refusal:
        return await _reply(request, response_id, wanted, Form(values, {"kind": str(refusal)}), 422)
    said = "&".join(filter(None, (wanted.query, f"done={response_id}")))
    return Redirect(f"/staff/replies/{after or response_id}?{said}", status_code=303)


router = Router("/staff", route_handlers=[replies_page, reply_page, sort], before_request=only_staff)
