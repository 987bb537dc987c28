"""The desk's pages for keeping a campaign honest."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.campaigns import finding, guarding, pausing
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import figures
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.moderation import listing, watching, words
from undersigned.moderation.forms import GuardForm, ListForm, PauseForm
from undersigned.signatures import bursts, judging
from undersigned.staff import audit
from undersigned.staff.routes import only_staff


@get("/campaigns/{slug:str}/signing", may="pause signing")
async def signing_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Whether a campaign takes names now, and what watches over it."""
    return await _signing(request, await finding.any_by_slug(slug), Form())


@post("/campaigns/{slug:str}/signing", may="pause signing")
async def pause(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Take no names for a while, or go on."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
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
    return await _words(request, await finding.any_by_slug(slug), asked, page)


@post("/campaigns/{slug:str}/words", may="moderate words")
async def decide_words(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Show what is ticked, or do not."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
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
    page = await words.page(campaign.id, state, min(max(number, 1), 10_000))
    if page.rows:
        await audit.record_reading("words read", f"campaign {campaign.slug}", request.user.id)
    did, many = request.query_params.get("did", ""), request.query_params.get("many", "")
    return await desk_page(
        request,
        "words",
        status,
        campaign=campaign,
        form=form,
        state=state,
        states=words.STATES,
        page=page,
        counted_to=words.COUNTED_TO,
        did=did if did in words.ACTS else "",
        many=int(many) if many.isascii() and many.isdigit() and len(many) < 4 else 0,
    )


@get("/campaigns/{slug:str}/guard", may="guard signing")
async def guard_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """How closely a campaign looks, where its signatures come from, and who is always or never let in."""
    return await _guard(request, await finding.any_by_slug(slug), Form())


@post("/campaigns/{slug:str}/guard", may="guard signing")
async def turn_guard(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Raise the guard, or lower it."""
    campaign = await finding.any_by_slug(slug)
    try:
        form = read(GuardForm, await typed(request))
    except Mistakes as mistakes:
        return await _guard(request, campaign, mistakes.form, 422)
    await guarding.turn(campaign.id, form.guard, request.user.id)
    return Redirect(f"/staff/campaigns/{slug}/guard?done={form.guard}", status_code=303)


@post("/campaigns/{slug:str}/guard/lists", may="guard signing")
async def put_on_list(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Let somebody in always, or never: in this campaign, or in all of them."""
    campaign = await finding.any_by_slug(slug)
    try:
        form = read(ListForm, await typed(request))
    except Mistakes as mistakes:
        return await _guard(request, campaign, mistakes.form, 422)
    where = None if form.everywhere else campaign.id
    await listing.add(form.kind, form.value, form.verdict, form.why, where, request.user.id)
    return Redirect(f"/staff/campaigns/{slug}/guard?done={form.verdict}#lists", status_code=303)


@post("/campaigns/{slug:str}/guard/lists/{entry_id:int}", may="guard signing")
async def take_off_list(request: Asked, slug: FromPath[str], entry_id: RowId) -> Response[Any]:
    """Take one entry off its list."""
    campaign = await finding.any_by_slug(slug)
    await listing.remove(entry_id, campaign.id, request.user.id)
    return Redirect(f"/staff/campaigns/{slug}/guard?done=removed#lists", status_code=303)


async def _guard(request: Asked, campaign: Campaign, form: Form, status: int = 200) -> Response[str]:
    entries = await listing.entries(campaign.id)
    trending = {window: await watching.trending(campaign.id, window) for window in watching.WINDOWS}
    if entries or any(places["ip"] for places in trending.values()):
        await audit.record_reading("addresses read", f"campaign {campaign.slug}", request.user.id)
    return await desk_page(
        request,
        "guard",
        status,
        campaign=campaign,
        form=Form({"guard": campaign.guard} | form.values, form.errors),
        trending=trending,
        not_counted=await watching.not_counted(campaign.id),
        flagged=await watching.flagged(campaign.id),
        why=judging.WHY,
        at_once=bursts.AT_ONCE,
        flags=judging.FLAGS,
        entries=entries,
        listed={(entry["kind"], entry["value"]): entry["verdict"] for entry in entries},
        kinds=listing.KINDS,
        verdicts=listing.VERDICTS,
        done=request.query_params.get("done", ""),
    )


router = Router(
    "/staff",
    route_handlers=[
        signing_page,
        pause,
        guard_page,
        turn_guard,
        put_on_list,
        take_off_list,
        words_page,
        decide_words,
    ],
    before_request=only_staff,
)
