"""Gatherings: their pages, their calendar files, and the list of those who want to hear of one."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.events import attending, calendar, interests, invitations, writing
from undersigned.events.forms import AttendForm, InterestForm
from undersigned.events.tables import Event
from undersigned.kit import limits, pages, tokens
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.postcodes.postcode import NotAPostcode, Postcode
from undersigned.settings import settings

KEPT_SECONDS = 60
PLACES_SECONDS = 5
LONGEST_POSTCODE = 40
KNOCKS, KNOCKS_AN_HOUR = 10, 30


@get("/events/{name:str}")
async def event_page(name: FromPath[str]) -> Response[Any]:
    """One gathering by its number, such as ``/events/7``; with ``.ics``, its calendar file."""
    event = await _event(name.removesuffix(".ics"))
    if name.endswith(".ics"):
        return _file([event], event.title)
    return pages.public_page(await _rendered(event, Form()), PLACES_SECONDS if event.takes_names else KEPT_SECONDS)


async def _mistaken(event: Event, form: Form) -> Response[Any]:
    return Response(await _rendered(event, form), status_code=422, media_type="text/html", headers=pages.PRIVATE)


async def _rendered(event: Event, form: Form) -> str:
    shown = calendar.show(event)
    return pages.render(
        "events/event.html",
        event=shown,
        campaign=event.campaign,
        form=form,
        left=await attending.left(event, shown.occurs_on) if event.takes_names else None,
        attend_wording=attending.wording(event.campaign),
        json_ld=invitations.as_json_ld(event),
    )


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


@get("/campaigns/{slug:str}/events")
async def events_page(slug: FromPath[str], postcode: FromQuery[str] = "") -> Response[Any]:
    """Every gathering that is still to come, soonest first; the nearest first to whoever gives a postcode."""
    campaign = await finding.by_slug(slug)
    form, where = _postcode(postcode[:LONGEST_POSTCODE])
    html = pages.render(
        "events/events.html",
        campaign=campaign,
        form=form,
        place=where.outward if where else None,
        events=await calendar.near(await calendar.everywhere(campaign), where),
        webcal=f"{settings.base_url.partition('://')[2]}/campaigns/{slug}/events.ics",
    )
    if postcode:
        status = 422 if form.errors else 200
        return Response(html, status_code=status, media_type="text/html", headers=pages.PRIVATE)
    return pages.public_page(html, PLACES_SECONDS)


def _postcode(typed: str) -> tuple[Form, Postcode | None]:
    form = Form({"postcode": typed})
    if not typed:
        return form, None
    try:
        return form, Postcode.parse(typed)
    except NotAPostcode as refusal:
        form.errors["postcode"] = str(refusal)
        return form, None


@post("/events/{number:str}/attend")
async def attend(number: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Ask to come; the e-mail that we send has the button. Asking twice looks the same."""
    event = await _event(number)
    await limits.check_crowd("attend", request, KNOCKS, KNOCKS_AN_HOUR)
    values = await typed(request)
    try:
        form = read(AttendForm, values)
        await attending.ask(event, form)
    except Mistakes as mistakes:
        return await _mistaken(event, mistakes.form)
    except attending.NoPlaceToTake as refusal:
        return await _mistaken(event, Form(values, {"form": str(refusal)}))
    return pages.page("events/check_inbox.html", event=calendar.show(event), campaign=event.campaign)


@get("/attending/{token:str}")
async def attending_page(token: FromPath[str]) -> Response[Any]:
    """How things stand for one who asked to come, with buttons; looking at it changes nothing."""
    return await _attending(token, Form())


@post("/attending/{token:str}")
async def answer(token: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Say that one is coming, or that one cannot."""
    attendance_id = tokens.read(attending.PURPOSE, token)
    act = (await typed(request)).get("act", "")
    try:
        if act == "come":
            await attending.confirm(attendance_id)
        elif act == "off":
            await attending.call_off(attendance_id)
    except attending.NoPlaceToTake as refusal:
        return await _attending(token, Form(errors={"form": str(refusal)}), 422)
    return Redirect(f"/attending/{token}", status_code=303)


async def _attending(token: str, form: Form, status: int = 200) -> Response[Any]:
    one = await attending.of(tokens.read(attending.PURPOSE, token))
    return pages.page(
        "events/attending.html",
        status,
        one=one,
        event=calendar.show(one.event),
        campaign=one.event.campaign,
        form=form,
        action_url=f"/attending/{token}",
    )


@get("/interest/{token:str}")
async def forget_page(token: FromPath[str]) -> Response[Any]:
    """A button that takes somebody off the list of those who want to hear."""
    tokens.read(writing.FORGET, token)
    return pages.page("events/forget.html", gone=False, action_url=f"/interest/{token}")


@post("/interest/{token:str}")
async def forget(token: FromPath[str]) -> Response[Any]:
    """Take them off it."""
    await writing.forget_interest(tokens.read(writing.FORGET, token))
    return pages.page("events/forget.html", gone=True, action_url=f"/interest/{token}")


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


router = Router(
    "/",
    route_handlers=[
        event_page,
        events_file,
        events_page,
        attend,
        attending_page,
        answer,
        forget_page,
        forget,
        interest,
    ],
)
