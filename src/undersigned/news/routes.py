"""The desk's pages for writing and e-mailing news, and the page behind the link that ends it."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.kit import pages, tokens
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.news import updates, writing
from undersigned.news.forms import NewsForm
from undersigned.privacy import correcting
from undersigned.signatures import bouncing, mailing
from undersigned.signatures.tables import Signature
from undersigned.staff.routes import only_staff


@get("/campaigns/{slug:str}/news", may="mail news")
async def news_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """All the news of a campaign, and which of it has been e-mailed."""
    campaign = await finding.any_by_slug(slug)
    told = await updates.of(campaign.id)
    return await desk_page(request, "news", campaign=campaign, told=told, states=updates.STATES)


@get("/campaigns/{slug:str}/news/{update_id:int}", may="mail news")
async def update_page(request: Asked, slug: FromPath[str], update_id: RowId) -> Response[str]:
    """One update as it is e-mailed: to how many it would go, or how far it has gone."""
    return await _update(request, await finding.any_by_slug(slug), update_id, Form())


@get("/campaigns/{slug:str}/news/{update_id:int}/mail", may="mail news")
async def mail_page(
    request: Asked, slug: FromPath[str], update_id: RowId, tried: FromQuery[int] = 0
) -> Response[Any]:
    """The e-mail as it will look, before anybody gets it."""
    campaign = await finding.any_by_slug(slug)
    told = await updates.one(campaign.id, update_id)
    many = await mailing.count(updates.KIND, campaign.id, update_id) if told.state == "unasked" else 0
    if not many or not campaign.is_public:
        return Redirect(f"/staff/campaigns/{slug}/news/{update_id}", status_code=303)
    subject, text = updates.shown(campaign, told)
    return await desk_page(
        request,
        "update_mail",
        campaign=campaign,
        told=told,
        many=many,
        subject=subject,
        text=text,
        tried=tried,
    )


@post("/campaigns/{slug:str}/news/{update_id:int}/trial", may="mail news")
async def try_out(request: Asked, slug: FromPath[str], update_id: RowId) -> Redirect:
    """E-mail it to whoever asks, and to nobody else."""
    campaign = await finding.any_by_slug(slug)
    await updates.try_out(campaign.id, update_id, request.user.email)
    return Redirect(f"/staff/campaigns/{slug}/news/{update_id}/mail?tried=1", status_code=303)


@post("/campaigns/{slug:str}/news/{update_id:int}", may="mail news")
async def mail(request: Asked, slug: FromPath[str], update_id: RowId) -> Response[Any]:
    """E-mail it, once."""
    campaign = await finding.any_by_slug(slug)
    try:
        await updates.ask(campaign, update_id, request.user.id)
    except Refused as refusal:
        return await _update(request, campaign, update_id, Form(errors={"form": str(refusal)}), 422)
    return Redirect(f"/staff/campaigns/{slug}/news/{update_id}", status_code=303)


@get("/campaigns/{slug:str}/news/new", may="mail news")
async def new_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """An empty sheet."""
    return await _writing(request, await finding.any_by_slug(slug), Form())


@post("/campaigns/{slug:str}/news/new", may="mail news")
async def publish(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Show it as it will read, or put it on the campaign's page."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    if values.get("act") == "look":
        return await _writing(request, campaign, Form(values), looked=True)
    try:
        update_id = await writing.publish(campaign, _read(values), request.user.id)
    except Mistakes as mistakes:
        return await _writing(request, campaign, Form(values, mistakes.form.errors), status=422)
    return Redirect(f"/staff/campaigns/{slug}/news/{update_id}", status_code=303)


@get("/campaigns/{slug:str}/news/{update_id:int}/edit", may="mail news")
async def edit_page(request: Asked, slug: FromPath[str], update_id: RowId) -> Response[str]:
    """What one piece of news says now."""
    campaign = await finding.any_by_slug(slug)
    told = await updates.one(campaign.id, update_id)
    chapter = str(told.row["chapter_id"] or "")
    values = {"title": told.row["title"], "body": told.row["body"], "chapter": chapter}
    return await _writing(request, campaign, Form(values), told)


@post("/campaigns/{slug:str}/news/{update_id:int}/edit", may="mail news")
async def put_right(request: Asked, slug: FromPath[str], update_id: RowId) -> Response[Any]:
    """Change it, or take it back if nobody has been mailed."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    told, act = await updates.one(campaign.id, update_id), values.get("act", "")
    if act == "look":
        return await _writing(request, campaign, Form(values), told, looked=True)
    try:
        if act == "back":
            await writing.take_back(campaign, update_id, request.user.id)
            return Redirect(f"/staff/campaigns/{slug}/news", status_code=303)
        await writing.put_right(campaign, update_id, _read(values), request.user.id)
    except Mistakes as mistakes:
        return await _writing(request, campaign, Form(values, mistakes.form.errors), told, status=422)
    except writing.MailedAlready as refusal:
        return await _update(request, campaign, update_id, Form(errors={"form": str(refusal)}), 422)
    return Redirect(f"/staff/campaigns/{slug}/news/{update_id}", status_code=303)


def _read(values: dict[str, str]) -> NewsForm:
    return read(NewsForm, {name: value for name, value in values.items() if value or name != "chapter"})


async def _writing(
    request: Asked,
    campaign: Campaign,
    form: Form,
    told: updates.Told | None = None,
    looked: bool = False,
    status: int = 200,
) -> Response[str]:
    form.values = {"title": "", "body": ""} | form.values
    context = {"campaign": campaign, "form": form, "told": told, "looked": looked}
    return await desk_page(request, "news_edit", status, chapters=await writing.chapters(campaign), **context)


async def _update(
    request: Asked, campaign: Campaign, update_id: int, form: Form, status: int = 200
) -> Response[str]:
    told = await updates.one(campaign.id, update_id)
    unasked = told.state == "unasked"
    many = await mailing.count(updates.KIND, campaign.id, update_id) if unasked else 0
    came_back = await bouncing.count(campaign.id) if unasked else 0
    context = {"campaign": campaign, "form": form, "told": told, "states": updates.STATES, "many": many}
    context |= {"came_back": came_back}
    return await desk_page(request, "update", status, **context)


@get("/unsubscribe/{token:str}")
async def unsubscribe_page(token: FromPath[str]) -> Response[Any]:
    """A page with a button: a GET changes nothing, since mail scanners follow links."""
    return await _unsubscribe(token, done=False)


@post("/unsubscribe/{token:str}", status_code=200)
async def unsubscribe(token: FromPath[str]) -> Response[Any]:
    """End the news of one campaign to one signer, at one press in a page or a mail program (RFC 8058)."""
    await correcting.unsubscribe(tokens.read(updates.UNSUBSCRIBE, token))
    return await _unsubscribe(token, done=True)


async def _unsubscribe(token: str, done: bool) -> Response[Any]:
    signature = await Signature.with_campaign(tokens.read(updates.UNSUBSCRIBE, token))
    gets_none = signature is None or not signature.wants_updates or signature.withdrawn_at is not None
    return pages.page(
        "news/unsubscribe.html",
        campaign=signature.campaign if signature else None,
        theme=signature.campaign.theme if signature else "vermilion",
        token=token,
        done=done or gets_none,
    )


desk = Router(
    "/staff",
    route_handlers=[
        news_page,
        new_page,
        publish,
        update_page,
        edit_page,
        put_right,
        mail_page,
        try_out,
        mail,
    ],
    before_request=only_staff,
)
router = Router("/", route_handlers=[unsubscribe_page, unsubscribe, desk])
