"""A campaign's share kit, what is in it, and the sheets that come back."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, desk_page
from undersigned.kit import pages
from undersigned.kit.caching import Shelf
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.posters import batches, card, printing, texts
from undersigned.posters.forms import BatchForm, RemoveForm
from undersigned.staff.routes import only_staff

KEPT_SECONDS = 60
shelf: Shelf[bytes] = Shelf(seconds=KEPT_SECONDS)


@get("/campaigns/{slug:str}/card.png")
async def card_file(slug: FromPath[str]) -> Response[bytes]:
    """The picture that a link shows, with the number of a minute ago at most."""
    campaign = await finding.known(slug)
    picture = await shelf.get(f"card {slug}", lambda: card.drawn(campaign))
    return Response(picture, media_type="image/png", headers={"cache-control": f"public, max-age={KEPT_SECONDS}"})


@get("/campaigns/{slug:str}/poster.pdf")
async def poster_file(slug: FromPath[str]) -> Response[bytes]:
    """A poster to print."""
    campaign = await finding.known(slug)
    return _pdf(await shelf.get(f"poster {slug}", lambda: printing.poster(campaign)), f"{slug}-poster")


@get("/campaigns/{slug:str}/sheet.pdf")
async def sheet_file(slug: FromPath[str]) -> Response[bytes]:
    """A sheet for names on paper. Raises CampaignMissing where nothing is signed."""
    campaign = await finding.to_sign(slug)
    return _pdf(await shelf.get(f"sheet {slug}", lambda: printing.sheet(campaign)), f"{slug}-sheet")


def _pdf(content: bytes, name: str) -> Response[bytes]:
    headers = {
        "cache-control": f"public, max-age={KEPT_SECONDS}",
        "content-disposition": f'inline; filename="{name}.pdf"',
    }
    return Response(content, media_type="application/pdf", headers=headers)


@get("/campaigns/{slug:str}/share")
async def share_page(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Texts to send on, what to print, and the code for other sites."""
    campaign = await finding.known(slug)
    html = pages.render("posters/share.html", campaign=campaign, texts=texts.of(campaign))
    return pages.public_page(html, KEPT_SECONDS, request)


@get("/campaigns/{slug:str}/on-paper", may="count paper")
async def on_paper_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """The batches of sheets that came back, and a form for another."""
    return await _on_paper(request, await finding.any_by_slug(slug), Form())


@post("/campaigns/{slug:str}/on-paper", may="count paper")
async def count(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Count a batch, or count one no more."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    try:
        if values.get("act") == "remove":
            await batches.remove(campaign, read(RemoveForm, values), request.user.id)
        else:
            await batches.add(campaign, read(BatchForm, values), request.user.id)
    except Mistakes as mistakes:
        return await _on_paper(request, campaign, mistakes.form, 422)
    return Redirect(f"/staff/campaigns/{slug}/on-paper", status_code=303)


async def _on_paper(request: Asked, campaign: Campaign, form: Form, status: int = 200) -> Response[str]:
    found = await batches.of(campaign)
    return await desk_page(request, "on_paper", status, campaign=campaign, batches=found, form=form)


desk = Router("/staff", route_handlers=[on_paper_page, count], before_request=only_staff)
router = Router("/", route_handlers=[card_file, poster_file, sheet_file, share_page, desk])
