"""The desk's pages for keeping a campaign honest."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import pausing
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, any_campaign, desk_page
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
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
    return await desk_page(request, "signing", status, campaign=campaign, form=form)


router = Router("/staff", route_handlers=[signing_page, pause], before_request=only_staff)
