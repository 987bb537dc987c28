"""The inbox of replies: the list, one reply after the other, and where their offices stand."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.letters import stances
from undersigned.replies import listing, standing
from undersigned.replies.forms import InviteForm, ReplyStanceForm, StanceForm
from undersigned.replies.listing import Wanted
from undersigned.responses import attachments, deciding
from undersigned.responses.wording import DETAIL_WORDS, KIND_WORDS
from undersigned.staff import audit
from undersigned.staff.routes import only_staff
from undersigned.stances import inviting, quoting, showing


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
        noted=request.query_params.get("noted", ""),
        stance=await showing.now(found["campaign_id"], found["representative"]),
        positions=stances.positions(Campaign(kind=found["campaign_kind"])),
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


@post("/replies/{response_id:int}/stance", may="place mail")
async def note(request: Asked, response_id: RowId) -> Response[Any]:
    """Note where the representative stands, as this reply says, and ask its reader about words to be shown."""
    values, wanted = await typed(request), Wanted.asked(request.query_params)
    try:
        form = read(ReplyStanceForm, values)
        await standing.from_reply(response_id, form, request.user.id)
    except Mistakes as mistakes:
        return await _reply(request, response_id, wanted, mistakes.form, 422)
    except Refused as refusal:
        field = "words" if isinstance(refusal, quoting.NotToBeQuoted) else "position"
        return await _reply(request, response_id, wanted, Form(values, {field: str(refusal)}), 422)
    said = "&".join(filter(None, (wanted.query, "noted=asked" if form.words else "noted=yes")))
    return Redirect(f"/staff/replies/{response_id}?{said}", status_code=303)


@get("/stances", may="read letters")
async def stances_page(request: Asked, campaign: FromQuery[str] = "") -> Response[str]:
    """Where everybody stands on one campaign, the newest when none is named; of one position with ``?only=``."""
    return await _stances(request, campaign, Form())


@post("/stances", may="place mail")
async def note_one(request: Asked, campaign: FromQuery[str]) -> Response[Any]:
    """Note where somebody stands, with how we know."""
    values = await typed(request)
    try:
        form = read(StanceForm, values)
        await stances.record(
            await finding.any_by_slug(campaign), form.which, form.position, form.source, request.user.id
        )
    except Mistakes as mistakes:
        return await _stances(request, campaign, mistakes.form, 422)
    except Refused as refusal:
        field = "position" if isinstance(refusal, stances.NotAStance) else "which"
        return await _stances(request, campaign, Form(values, {field: str(refusal)}), 422)
    return Redirect(f"/staff/stances?campaign={campaign}&done=noted", status_code=303)


@post("/stances/invite", may="release letters")
async def invite(request: Asked, campaign: FromQuery[str]) -> Response[Any]:
    """Invite a representative to make a pledge, by a link to their parliamentary address."""
    values = await typed(request)
    try:
        form = read(InviteForm, values)
        await inviting.invite(await finding.any_by_slug(campaign), form.invite, request.user.id)
    except Mistakes as mistakes:
        return await _stances(request, campaign, mistakes.form, 422)
    except Refused as refusal:
        return await _stances(request, campaign, Form(values, {"invite": str(refusal)}), 422)
    return Redirect(f"/staff/stances?campaign={campaign}&done=invited", status_code=303)


DONE = {"noted": "It is noted.", "invited": "The invitation is on its way."}


async def _stances(request: Asked, slug: str, form: Form, status: int = 200) -> Response[str]:
    campaigns = await standing.campaigns()
    slug = slug or (campaigns[0]["slug"] if campaigns else "")
    campaign = await finding.any_by_slug(slug) if slug else None
    only = request.query_params.get("only", "")
    only = only if only in stances.WORDS else ""
    return await desk_page(
        request,
        "stances",
        status,
        campaign=campaign,
        campaigns=campaigns,
        only=only,
        positions=stances.positions(campaign) if campaign else {},
        stances=await showing.of_campaign(campaign.id, only) if campaign else [],
        counts=await showing.counts(campaign.id) if campaign else {},
        form=form,
        done=DONE.get(request.query_params.get("done", ""), ""),
    )


router = Router(
    "/staff",
    route_handlers=[replies_page, reply_page, sort, note, stances_page, note_one, invite],
    before_request=only_staff,
)
