"""The desk's page for endorsements: read them, show them or say why not, and put them in order."""

from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, PathParameter
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, desk_page
from undersigned.endorsements import deciding, ordering, pictures
from undersigned.kit import pages
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.staff import audit
from undersigned.staff.routes import only_staff
from undersigned.wall import listing
from undersigned.wall.forms import LONGEST_REASON, DecideForm

Number = Annotated[int, PathParameter(le=2**31 - 1)]
DONE = {"show": "It is shown now.", "refuse": "It is not shown.", "pin": "It is pinned to the top."}
DONE |= {"unpin": "It is pinned no more."}


@get("/campaigns/{slug:str}/endorsements", may="moderate endorsements")
async def endorsements_page(request: Asked, slug: FromPath[str], page: FromQuery[int] = 1) -> Response[str]:
    """What came in and waits to be read, or what is in the ``?state=`` that is asked for."""
    asked = request.query_params.get("state", "")
    return await _list(request, await finding.any_by_slug(slug), asked, page, Form())


@post("/campaigns/{slug:str}/endorsements/{endorsement_id:int}", may="moderate endorsements")
async def decide(request: Asked, slug: FromPath[str], endorsement_id: Number) -> Response[Any]:
    """Show one, or do not, or move it."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    state, number = values.get("state", ""), _number(values.get("page", ""))
    try:
        form = read(DecideForm, values)
    except Mistakes as mistakes:
        errors = {f"{name}-{endorsement_id}": said for name, said in mistakes.form.errors.items()}
        return await _list(request, campaign, state, number, Form(values, errors), 422)
    if form.act == "show":
        await deciding.show(campaign, endorsement_id, request.user.id)
    elif form.act == "refuse":
        await deciding.refuse(campaign, endorsement_id, form.reason, request.user.id)
    else:
        await ordering.move(campaign, endorsement_id, form.act, request.user.id)
    query = f"?state={state if state in listing.STATES else 'confirmed'}&page={number}"
    return Redirect(f"{_here(campaign)}{query}&did={form.act}{_place(form.act, endorsement_id)}", status_code=303)


def _place(act: str, endorsement_id: int) -> str:
    """What was moved is still on the page, and the browser goes to it."""
    return f"#endorsement-{endorsement_id}" if act in ordering.WAYS else ""


@get("/campaigns/{slug:str}/endorsements/{endorsement_id:int}/picture", may="moderate endorsements")
async def picture(request: Asked, slug: FromPath[str], endorsement_id: Number) -> Response[bytes]:
    """The picture of one, before anybody else may see it."""
    campaign = await finding.any_by_slug(slug)
    content = await pictures.of(endorsement_id, campaign.id)
    return Response(content, media_type=pictures.MEDIA_TYPE, headers=pages.PRIVATE)


async def _list(
    request: Asked, campaign: Campaign, asked: str, number: int, form: Form, status: int = 200
) -> Response[str]:
    state = asked if asked in listing.STATES else "confirmed"
    page = await listing.page(campaign.id, state, min(max(number, 1), 10_000))
    if page.rows:
        await audit.record_reading("endorsements read", f"campaign {campaign.slug}", request.user.id)
    return await desk_page(
        request,
        "endorsements",
        status,
        campaign=campaign,
        here=_here(campaign),
        state=state,
        states=listing.STATES,
        page=page,
        form=form,
        longest=LONGEST_REASON,
        done=DONE.get(request.query_params.get("did", ""), ""),
    )


def _here(campaign: Campaign) -> str:
    return f"/staff/campaigns/{campaign.slug}/endorsements"


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and 0 < len(told) < 5 else 1


router = Router("/staff", route_handlers=[endorsements_page, decide, picture], before_request=only_staff)
