"""The desk's pages for keeping a campaign honest."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.campaigns import guarding, pausing
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import figures
from undersigned.dashboards.routes import Asked, RowId, any_campaign, desk_page
from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.moderation import discounted, listing, recounted, watching, words
from undersigned.moderation.forms import GuardForm, ListForm, PauseForm, StartForm
from undersigned.signatures import discounting, judging, recounting, uncounting
from undersigned.signatures.criteria import Criteria
from undersigned.staff import audit
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


@get("/campaigns/{slug:str}/discounting", may="discount signatures")
async def discounting_page(
    request: Asked, slug: FromPath[str], why: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Response[str]:
    """Which signatures to count, what was done before, and what is not counted, of one reason with ``?why=``."""
    return await _discounting(request, await any_campaign(slug), Form(), why, page)


@post("/campaigns/{slug:str}/discounting", may="discount signatures")
async def count(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Count what is like this, and change nothing."""
    campaign, values = await any_campaign(slug), await typed(request)
    try:
        counted = await discounting.count(campaign.id, read(Criteria, values), request.user.id)
    except Mistakes as mistakes:
        return await _discounting(request, campaign, mistakes.form, status=422)
    except Refused as refusal:
        return await _discounting(request, campaign, Form(values, {"form": str(refusal)}), status=422)
    return Redirect(f"/staff/campaigns/{slug}/discounting/{counted}", status_code=303)


@post("/campaigns/{slug:str}/discounting/one", may="discount signatures")
async def change_one(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Put one signature back, or take it out."""
    campaign, values = await any_campaign(slug), await typed(request)
    signature, why = values.get("signature", ""), values.get("why", "")
    deed = {"restore": uncounting.restore_one, "discount": uncounting.discount_one}.get(values.get("act", ""))
    try:
        if deed is None or not (signature.isascii() and signature.isdigit() and len(signature) < 19):
            raise Refused("Choose a signature, and whether to put it back or to take it out.")
        await deed(campaign.id, int(signature), request.user.id)
    except (Refused, Missing) as refusal:
        return await _discounting(request, campaign, Form(errors={"not-counted": str(refusal)}), why, status=422)
    done = f"{values['act']}={signature}"
    return Redirect(
        f"/staff/campaigns/{slug}/discounting?{urlencode({'why': why})}&{done}#not-counted", status_code=303
    )


@get("/campaigns/{slug:str}/discounting/{discounting_id:int}", may="discount signatures")
async def discounted_page(request: Asked, slug: FromPath[str], discounting_id: RowId) -> Response[str]:
    """One count, with some of those it found until it is started, and how far it has gone after that."""
    return await _discounted(request, await any_campaign(slug), discounting_id, Form())


@post("/campaigns/{slug:str}/discounting/{discounting_id:int}", may="discount signatures")
async def discount(request: Asked, slug: FromPath[str], discounting_id: RowId) -> Response[Any]:
    """Start what was counted, stop it, undo it, or count the same again."""
    campaign, values = await any_campaign(slug), await typed(request)
    try:
        shown = await _act(campaign.id, discounting_id, values, request.user.id)
    except Mistakes as mistakes:
        return await _discounted(request, campaign, discounting_id, mistakes.form, 422)
    except Refused as refusal:
        form = Form(values, {"form": str(refusal)})
        return await _discounted(request, campaign, discounting_id, form, 422)
    return Redirect(f"/staff/campaigns/{slug}/discounting/{shown}", status_code=303)


async def _act(campaign_id: int, discounting_id: int, values: dict[str, str], staff_id: int) -> int:
    """Do what the form asks, and answer which discounting to show then. Raises Mistakes, Refused or Missing."""
    act = values.get("act")
    if act == "start":
        await discounting.start(campaign_id, discounting_id, read(StartForm, values).why, staff_id)
    elif act == "cancel":
        await discounting.cancel(campaign_id, discounting_id, staff_id)
    elif act == "reverse":
        await discounting.reverse(campaign_id, discounting_id, staff_id)
    elif act == "again":
        seen = await discounted.one(campaign_id, discounting_id)
        if seen.criteria.forgotten:
            raise Refused("Whom this looked for has been forgotten since, so it cannot be counted again.")
        return await discounting.count(campaign_id, seen.criteria, staff_id)
    else:
        raise Refused("Choose what to do with these signatures.")
    return discounting_id


async def _discounting(
    request: Asked, campaign: Campaign, form: Form, why: str = "", number: int = 1, status: int = 200
) -> Response[str]:
    not_counted = await discounted.not_counted(campaign.id, why[:60], min(max(number, 1), 10_000))
    await _write_down_reading(request, f"campaign {campaign.slug}", not_counted.rows)
    return await desk_page(
        request,
        "discounting",
        status,
        campaign=campaign,
        form=form,
        names=await discounted.names(campaign.id),
        earlier=await discounted.earlier(campaign.id),
        not_counted=not_counted,
        states=discounted.STATES,
        changed={act: request.query_params.get(act, "") for act in ("restore", "discount")},
    )


async def _discounted(
    request: Asked, campaign: Campaign, discounting_id: int, form: Form, status: int = 200
) -> Response[str]:
    seen = await discounted.one(campaign.id, discounting_id)
    rows = await discounted.sample(seen) if seen.row["state"] == "counted" else []
    await _write_down_reading(request, f"discounting {discounting_id}", rows)
    names = await discounted.names(campaign.id)
    return await desk_page(
        request,
        "discounted",
        status,
        campaign=campaign,
        form=form,
        seen=seen,
        sample=rows,
        told=names.told(seen.criteria),
        places=names.places(seen.row["places"]),
        states=discounted.STATES,
    )


async def _write_down_reading(request: Asked, about: str, rows: list[dict[str, Any]]) -> None:
    """That somebody has seen names is written in the audit, for they go with an opinion."""
    if rows:
        async with database.transaction():
            await audit.record("signatures read", about, staff_id=request.user.id)


@get("/campaigns/{slug:str}/recount")
async def recount_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """What the last count of every signature found beside the totals."""
    campaign = await any_campaign(slug)
    latest = await recounting.latest(campaign.id)
    return await desk_page(
        request,
        "recount",
        campaign=campaign,
        latest=latest,
        rows=await recounted.shown(campaign.id, latest["drift"] if latest else []),
        at=f"{recounting.AT:%H:%M}",
        done=request.query_params.get("done", ""),
    )


@post("/campaigns/{slug:str}/recount", may="mend totals")
async def mend(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Count once more, and set right what differs."""
    campaign = await any_campaign(slug)
    found = await recounting.mend(campaign.id, request.user.id)
    done = "mended" if found.drift else "agrees"
    return Redirect(f"/staff/campaigns/{slug}/recount?done={done}", status_code=303)


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


@get("/campaigns/{slug:str}/guard", may="guard signing")
async def guard_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """How closely a campaign looks, where its signatures come from, and who is always or never let in."""
    return await _guard(request, await any_campaign(slug), Form())


@post("/campaigns/{slug:str}/guard", may="guard signing")
async def turn_guard(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Raise the guard, or lower it."""
    campaign = await any_campaign(slug)
    try:
        form = read(GuardForm, await typed(request))
    except Mistakes as mistakes:
        return await _guard(request, campaign, mistakes.form, 422)
    await guarding.turn(campaign.id, form.guard, request.user.id)
    return Redirect(f"/staff/campaigns/{slug}/guard?done={form.guard}", status_code=303)


@post("/campaigns/{slug:str}/guard/lists", may="guard signing")
async def put_on_list(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Let somebody in always, or never: in this campaign, or in all of them."""
    campaign = await any_campaign(slug)
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
    campaign = await any_campaign(slug)
    await listing.remove(entry_id, campaign.id, request.user.id)
    return Redirect(f"/staff/campaigns/{slug}/guard?done=removed#lists", status_code=303)


async def _guard(request: Asked, campaign: Campaign, form: Form, status: int = 200) -> Response[str]:
    entries = await listing.entries(campaign.id)
    return await desk_page(
        request,
        "guard",
        status,
        campaign=campaign,
        form=Form({"guard": campaign.guard} | form.values, form.errors),
        trending={window: await watching.trending(campaign.id, window) for window in watching.WINDOWS},
        not_counted=await watching.not_counted(campaign.id),
        flagged=await watching.flagged(campaign.id),
        why=judging.WHY,
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
        recount_page,
        mend,
        discounting_page,
        count,
        change_one,
        discounted_page,
        discount,
    ],
    before_request=only_staff,
)
