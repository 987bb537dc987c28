"""The desk's pages for gatherings."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.events import attending, calendar, writing
from undersigned.events.tables import Event
from undersigned.hosting import setting
from undersigned.hosting.forms import CallOffForm, EventForm
from undersigned.kit import database, pages, spreadsheets
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.staff import audit
from undersigned.staff.routes import only_staff

DONE = {
    "saved": "It is saved.",
    "off": "It is called off. Whoever was coming is told by e-mail.",
    "told": "Word is on its way to those who asked about the region.",
}


@get("/campaigns/{slug:str}/events", may="run gatherings")
async def events_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Every gathering of a campaign, with how many come."""
    campaign = await finding.any_by_slug(slug)
    return await desk_page(request, "events", campaign=campaign, events=await setting.listed(campaign.id))


@get("/campaigns/{slug:str}/events/new", may="run gatherings")
async def new_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    return await _editing(request, await finding.any_by_slug(slug), Form())


@post("/campaigns/{slug:str}/events/new", may="run gatherings")
async def set_up(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Set one up."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    try:
        event_id = await setting.save(campaign, read(EventForm, values), request.user.id)
    except Mistakes as mistakes:
        return await _editing(request, campaign, mistakes.form, status=422)
    return Redirect(f"/staff/campaigns/{slug}/events/{event_id}?done=saved", status_code=303)


@get("/campaigns/{slug:str}/events/{event_id:int}", may="run gatherings")
async def event_page(request: Asked, slug: FromPath[str], event_id: RowId) -> Response[str]:
    """One gathering with its form, and who comes; that somebody read their names is in the audit."""
    campaign = await finding.any_by_slug(slug)
    event = await setting.one(campaign, event_id)
    return await _editing(request, campaign, _form_of(event), event)


@post("/campaigns/{slug:str}/events/{event_id:int}", may="run gatherings")
async def change(request: Asked, slug: FromPath[str], event_id: RowId) -> Response[Any]:
    """Change one."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    event = await setting.one(campaign, event_id)
    try:
        await setting.save(campaign, read(EventForm, values), request.user.id, event_id)
    except Mistakes as mistakes:
        return await _editing(request, campaign, mistakes.form, event, 422)
    return Redirect(f"/staff/campaigns/{slug}/events/{event_id}?done=saved", status_code=303)


@post("/campaigns/{slug:str}/events/{event_id:int}/off", may="run gatherings")
async def call_off(request: Asked, slug: FromPath[str], event_id: RowId) -> Response[Any]:
    """Call off one day of it, or all."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    event = await setting.one(campaign, event_id)
    try:
        await setting.call_off(campaign, event_id, read(CallOffForm, values).day, request.user.id)
    except Mistakes as mistakes:
        form = Form(_form_of(event).values | mistakes.form.values, mistakes.form.errors)
        return await _editing(request, campaign, form, event, 422)
    except Refused as refusal:
        form = Form(_form_of(event).values | values, {"day": str(refusal)})
        return await _editing(request, campaign, form, event, 422)
    return Redirect(f"/staff/campaigns/{slug}/events/{event_id}?done=off", status_code=303)


@post("/campaigns/{slug:str}/events/{event_id:int}/tell", may="mail news")
async def tell(request: Asked, slug: FromPath[str], event_id: RowId) -> Redirect:
    """Write to those who asked about its region, each once."""
    campaign = await finding.any_by_slug(slug)
    event = await setting.one(campaign, event_id)
    if event.region and not event.cancelled_at:
        told = {"told": await writing.tell_interested(event.id, campaign.id, event.region)}
        async with database.transaction():
            await audit.record("interested told", f"{slug} event {event_id}", None, told, request.user.id)
    return Redirect(f"/staff/campaigns/{slug}/events/{event_id}?done=told", status_code=303)


@get("/campaigns/{slug:str}/events/{event_id:int}/people.csv", may="run gatherings")
async def people_file(request: Asked, slug: FromPath[str], event_id: RowId) -> Response[str]:
    """Who comes, for the door; the audit says who took the list."""
    event = await setting.one(await finding.any_by_slug(slug), event_id)
    await audit.record_reading("attendance exported", f"{slug} event {event_id}", request.user.id)
    table = spreadsheets.as_csv(
        ("day", "name", "email", "has a place"),
        (
            (row["occurs_on"].isoformat(), row["name"], row["email"], "yes" if row["place_at"] else "waits")
            for row in await attending.coming(event.id)
        ),
    )
    named = {"content-disposition": f'attachment; filename="event-{event_id}-people.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=pages.PRIVATE | named)


def _form_of(event: Event) -> Form:
    starts, ends = event.starts_at.astimezone(LONDON), event.ends_at.astimezone(LONDON)
    values = {
        "title": event.title,
        "on": starts.date().isoformat(),
        "begins": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "repeats": event.repeats,
        "repeats_until": event.repeats_until.isoformat() if event.repeats_until else "",
        "place": event.place,
        "address": event.address,
        "postcode": event.postcode,
        "accessibility": event.accessibility,
        "about": event.about,
        "takes_names": "yes" if event.takes_names else "",
        "capacity": str(event.capacity or ""),
        "region": event.region,
    }
    return Form(values)


async def _editing(
    request: Asked, campaign: Campaign, form: Form, event: Event | None = None, status: int = 200
) -> Response[str]:
    people = await attending.coming(event.id) if event else []
    if event and people:
        await audit.record_reading("attendance read", f"{campaign.slug} event {event.id}", request.user.id)
    interest = await _regions(campaign.id)
    return await desk_page(
        request,
        "event",
        status,
        campaign=campaign,
        event=event,
        shown=calendar.show(event) if event else None,
        form=form,
        people=people,
        regions=interest,
        done=DONE.get(request.query_params.get("done", ""), ""),
    )


async def _regions(campaign_id: int) -> dict[str, int]:
    """How many asked to hear of each region."""
    rows = await database.fetch(
        "SELECT region, count(*)::int AS n FROM interest WHERE campaign = $1 GROUP BY region ORDER BY region",
        campaign_id,
    )
    return {row["region"]: row["n"] for row in rows}


router = Router(
    "/staff",
    route_handlers=[events_page, new_page, set_up, event_page, change, call_off, tell, people_file],
    before_request=only_staff,
)
