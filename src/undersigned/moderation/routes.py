"""The desk's pages for keeping a campaign honest."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.campaigns import pausing
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import figures
from undersigned.dashboards.routes import Asked, any_campaign, desk_page
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.moderation import words
from undersigned.moderation.forms import PauseForm
from undersigned.staff.routes import only_staff


@get("/campaigns/{slug:str}/signing", may="pause signing")
async def signing_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Whether a campaign takes names now, and what watches over it."""
    return await _signing(request, await any_campaign(slug), Form())


@post("/campaigns/{slug:str}/signing", may="pause signing")
async def pause(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Take no names for a while, or go on."""
    campaign, values = await any_campaign(slug), await typed(request)
    try:
        form = read(PauseForm, values)
        if form.act == "pause":
            await pausing.pause(campaign.id, form.why, request.user.id)
        else:
            await pausing.resume(campaign.id, request.user.id)
    except Mistakes as mistakes:
        return await _signing(request, campaign, mistakes.form, 422)
    except Refused as refusal:
        return await _signing(request, campaign, Form(values, {"why": str(refusal)}), 422)
    return Redirect(f"/staff/campaigns/{slug}/signing", status_code=303)


async def _signing(request: Asked, campaign: Campaign, form: Form, status: int = 200) -> Response[str]:
    waiting = await figures.words_waiting(campaign.id)
    return await desk_page(request, "signing", status, campaign=campaign, form=form, words_waiting=waiting)


@get("/campaigns/{slug:str}/words", may="moderate words")
async def words_page(request: Asked, slug: FromPath[str], page: FromQuery[int] = 1) -> Response[str]:
    """What signers wrote, the oldest first: what waits, or what is in the ``?state=`` that is asked for."""
    asked = Form({"state": request.query_params.get("state", "")})
    return await _words(request, await any_campaign(slug), asked, page)


@post("/campaigns/{slug:str}/words", may="moderate words")
async def decide_words(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Show what is ticked, or do not."""
    campaign, values = await any_campaign(slug), await typed(request)
    act, state = values.get("act", ""), values.get("state", "")
    try:
        done = await words.decide(campaign.id, slug, act, words.ticked(values), request.user.id)
    except Refused as refusal:
        return await _words(request, campaign, Form(values, {"form": str(refusal)}), status=422)
    state = state if state in words.STATES else "waiting"
    return Redirect(f"/staff/campaigns/{slug}/words?state={state}&did={act}&many={done}", status_code=303)


async def _words(
    request: Asked, campaign: Campaign, form: Form, number: int = 1, status: int = 200
) -> Response[str]:
    state = form.values.get("state", "")
    state = state if state in words.STATES else "waiting"
    did, many = request.query_params.get("did", ""), request.query_params.get("many", "")
    return await desk_page(
        request,
        "words",
        status,
        campaign=campaign,
        form=form,
        state=state,
        states=words.STATES,
        page=await words.page(campaign.id, state, min(max(number, 1), 10_000)),
        counted_to=words.COUNTED_TO,
        did=did if did in words.ACTS else "",
        many=int(many) if many.isascii() and many.isdigit() and len(many) < 4 else 0,
    )


router = Router(
    "/staff", route_handlers=[signing_page, pause, words_page, decide_words], before_request=only_staff
)
