"""Gatherings: their pages, their calendar files, and the list of those who want to hear of one."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.events import calendar, interests, invitations
from undersigned.events.forms import InterestForm
from undersigned.events.tables import Event
from undersigned.kit import limits, pages
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form, Mistakes, read, typed

KEPT_SECONDS = 60
KNOCKS, KNOCKS_AN_HOUR = 10, 30


@get("/events/{name:str}")
async def event_page(name: FromPath[str]) -> Response[Any]:
    """One gathering by its number, such as ``/events/7``; with ``.ics``, its calendar file."""
    event = await _event(name.removesuffix(".ics"))
    if name.endswith(".ics"):
        return _file([event], event.title)
    html = pages.render("events/event.html", event=calendar.show(event), campaign=event.campaign)
    return pages.public_page(html, KEPT_SECONDS)


async def _event(number: str) -> Event:
    found = None
    if number.isascii() and number.isdigit() and len(number) < 10:
        found = await Event.objects(Event.campaign).where(Event.id == int(number)).first()
    if found is None or not found.campaign.is_public:
        raise Missing("There is no event at this address.")
    return found


def _file(events: list[Event], name: str) -> Response[bytes]:
    kept = {"cache-control": f"public, max-age={KEPT_SECONDS}"}
    return Response(invitations.file_of(events, name), media_type=invitations.MEDIA_TYPE, headers=kept)


@get("/campaigns/{slug:str}/events.ics")
async def events_file(slug: FromPath[str]) -> Response[bytes]:
    """Every gathering of a campaign and its chapters, for subscribing to."""
    campaign = await finding.by_slug(slug)
    events = await Event.objects().where(Event.campaign == campaign.id).order_by(Event.starts_at)
    return _file(list(events), campaign.title)


@post("/campaigns/{slug:str}/interest")
async def interest(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[str]:
    """Register somebody's interest, or show each mistake beside its field."""
    campaign = await finding.by_slug(slug)
    interests.asked(campaign)
    await limits.check("interest", request, KNOCKS, KNOCKS_AN_HOUR)
    try:
        await interests.register(campaign, read(InterestForm, await typed(request)))
    except Mistakes as mistakes:
        return _form(campaign, mistakes.form)
    return pages.page("campaigns/interest_thanks.html", campaign=campaign)


def _form(campaign: Campaign, form: Form) -> Response[str]:
    about = interests.asked(campaign)
    return pages.page(
        "campaigns/interest.html",
        422,
        campaign=campaign,
        form=form,
        regions=about.get("regions", []),
        interest_wording=about.get("wording", ""),
    )


router = Router("/", route_handlers=[event_page, events_file, interest])
