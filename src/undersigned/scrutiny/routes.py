"""The desk's pages for what is counted and what is not."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.scrutiny import discounted, recounted
from undersigned.scrutiny.forms import StartForm
from undersigned.signatures import discounting, recounting, uncounting
from undersigned.signatures.criteria import Criteria
from undersigned.staff import audit
from undersigned.staff.routes import only_staff


@get("/campaigns/{slug:str}/discounting", may="discount signatures")
async def discounting_page(
    request: Asked, slug: FromPath[str], why: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Response[str]:
    """Which signatures to count, what was done before, and what is not counted, of one reason with ``?why=``."""
    return await _discounting(request, await finding.any_by_slug(slug), Form(), why, page)


@post("/campaigns/{slug:str}/discounting", may="discount signatures")
async def count(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Count what is like this, and change nothing."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
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
    campaign, values = await finding.any_by_slug(slug), await typed(request)
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
    return await _discounted(request, await finding.any_by_slug(slug), discounting_id, Form())


@post("/campaigns/{slug:str}/discounting/{discounting_id:int}", may="discount signatures")
async def discount(request: Asked, slug: FromPath[str], discounting_id: RowId) -> Response[Any]:
    """Start what was counted, stop it, undo it, or count the same again."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
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
    if not_counted.rows:
        await audit.record_reading("signatures read", f"campaign {campaign.slug}", request.user.id)
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
    if rows:
        await audit.record_reading("signatures read", f"discounting {discounting_id}", request.user.id)
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


@get("/campaigns/{slug:str}/recount")
async def recount_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """What the last count of every signature found beside the totals."""
    campaign = await finding.any_by_slug(slug)
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
    campaign = await finding.any_by_slug(slug)
    found = await recounting.mend(campaign.id, request.user.id)
    done = "mended" if found.drift else "agrees"
    return Redirect(f"/staff/campaigns/{slug}/recount?done={done}", status_code=303)


router = Router(
    "/staff",
    route_handlers=[recount_page, mend, discounting_page, count, change_one, discounted_page, discount],
    before_request=only_staff,
)
