"""The public figures of a campaign, and the campaigner's desk."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, PathParameter
from litestar.response import Redirect

from undersigned.campaigns import finding, goals
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import correspondence, figures
from undersigned.delivery import switch
from undersigned.kit import database, pages
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.letters import sheet
from undersigned.responses import placing, received
from undersigned.responses.wording import KIND_WORDS
from undersigned.staff import audit
from undersigned.staff.forms import PlaceForm, SwitchForm
from undersigned.staff.routes import only_staff
from undersigned.staff.tables import Staff

RowId = Annotated[int, PathParameter(le=2**63 - 1)]
Asked = Request[Staff, str, Any]
KEPT_SECONDS = 10


@get("/campaigns/{slug:str}/dashboard")
async def dashboard_page(slug: FromPath[str]) -> Response[Any]:
    """Public figures: nothing about fewer than five people in one place."""
    campaign = await finding.by_slug(slug)
    goal = goals.next_goal(campaign.signature_count, campaign.goal)
    html = pages.render(
        "dashboards/dashboard.html",
        campaign=campaign,
        next_goal=goal,
        percent=goals.percent(campaign.signature_count, goal),
        days=await figures.by_day(campaign.id),
        countries=await figures.by_country(campaign.id),
        constituencies=await figures.by_constituency(campaign.id, None),
        letters_sent=await figures.letters_sent(campaign.id),
        responses=await received.counts(campaign.id),
        kinds=correspondence.KINDS,
    )
    return pages.public_page(html, KEPT_SECONDS)


async def _campaign(slug: str) -> Campaign:
    """Any campaign, a draft too: staff see what the public cannot yet. Raises Missing."""
    campaign = await Campaign.objects().where(Campaign.slug == slug).first()
    if campaign is None:
        raise Missing("There is no campaign at this address.")
    return campaign


async def _desk(request: Asked, template: str, status: int = 200, **context: Any) -> Response[str]:
    """A page of the desk: always with the state of the delivery switch on it."""
    desk = {"staff": request.user, "form_token": request.auth, "mode": await switch.mode()}
    return pages.page(f"staff/{template}.html", status, **desk, **context)


@get("/")
async def campaigns_page(request: Asked) -> Response[str]:
    return await _desk(request, "campaigns", campaigns=await figures.campaigns())


@get("/campaigns/{slug:str}")
async def campaign_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    campaign = await _campaign(slug)
    goal = goals.next_goal(campaign.signature_count, campaign.goal)
    return await _desk(
        request,
        "campaign",
        campaign=campaign,
        next_goal=goal,
        percent=goals.percent(campaign.signature_count, goal),
        funnel=await figures.funnel(campaign.id),
        days=await figures.by_day(campaign.id),
        hours=await figures.today_by_hour(campaign.id),
        countries=await figures.by_country(campaign.id),
        constituencies=await figures.by_constituency(campaign.id),
        chapters=await figures.by_chapter(campaign.id),
        sources=await figures.by_source(campaign.id),
        letters=await figures.letters_by_state(campaign.id),
        responses=await received.counts(campaign.id),
        latest=await correspondence.latest_replies(campaign.id),
        own_words=await figures.own_words(campaign.id),
        states=correspondence.STATES,
        kinds=correspondence.KINDS,
        kind_words=KIND_WORDS,
    )


@get("/letters")
async def letters_page(request: Asked, campaign: FromQuery[str] = "", page: FromQuery[int] = 1) -> Response[str]:
    """Letters of every state, or of the one in ``?state=``."""
    states, wanted = correspondence.STATES, request.query_params.get("state", "")
    wanted = wanted if wanted in states else ""
    found = await correspondence.letters(wanted, campaign, min(max(page, 1), 10_000))
    return await _desk(request, "letters", page=found, state=wanted, campaign=campaign, states=states)


@get("/letters/{letter_id:int}", may="read letters")
async def letter_page(request: Asked, letter_id: RowId) -> Response[str]:
    """One letter. That somebody read it is written in the audit, for it is another person's opinion."""
    letter = await correspondence.letter(letter_id)
    async with database.transaction():
        await audit.record("letter read", f"letter {letter_id}", staff_id=request.user.id)
    tried = await correspondence.attempts(letter_id)
    responses = await received.of_letter(letter_id)
    return await _desk(
        request,
        "letter",
        letter=letter,
        sheet=sheet.of(letter),
        attempts=tried,
        responses=responses,
        timeline=correspondence.timeline(letter, tried, responses),
        states=correspondence.STATES,
        outcomes=correspondence.OUTCOMES,
    )


@get("/held", may="read letters")
async def held_page(request: Asked, placed: FromQuery[int] = 0) -> Response[str]:
    """The holding pen: mail that we could not match with a letter."""
    return await _desk(request, "held", pen=await placing.pen(), placed=placed)


@get("/held/{held_id:int}", may="read letters")
async def held_mail_page(request: Asked, held_id: RowId) -> Response[str]:
    """One held mail with its words, and the letters it may answer."""
    return await _held_mail(request, held_id, Form())


@post("/held/{held_id:int}", may="place mail")
async def place(request: Asked, held_id: RowId) -> Response[Any]:
    """Put one held mail to the letter it answers."""
    values = await typed(request)
    try:
        form = read(PlaceForm, values)
        await placing.place(held_id, form.letter)
    except Mistakes as mistakes:
        return await _held_mail(request, held_id, mistakes.form, 422)
    except (Refused, Missing) as refusal:
        return await _held_mail(request, held_id, Form(values, {"letter": str(refusal)}), 422)
    async with database.transaction():
        await audit.record("mail placed", f"letter {form.letter}", staff_id=request.user.id)
    return Redirect(f"/staff/held?placed={form.letter}", status_code=303)


async def _held_mail(request: Asked, held_id: int, form: Form, status: int = 200) -> Response[str]:
    held = await placing.held(held_id)
    likely = await correspondence.from_office(held.from_address)
    return await _desk(request, "held_mail", status, held=held, likely=likely, form=form)


@get("/delivery")
async def delivery_page(request: Asked) -> Response[str]:
    return await _delivery(request, Form())


@post("/delivery", may="switch delivery")
async def turn(request: Asked) -> Response[Any]:
    """Turn the delivery switch; live asks for the word."""
    values = await typed(request)
    try:
        form = read(SwitchForm, values)
        await switch.turn(form.mode, form.reason, request.user.id)
    except Mistakes as mistakes:
        return await _delivery(request, mistakes.form, 422)
    except Refused as refusal:
        return await _delivery(request, Form(values, {"mode": str(refusal)}), 422)
    return Redirect("/staff/delivery", status_code=303)


async def _delivery(request: Asked, form: Form, status: int = 200) -> Response[str]:
    domains = await correspondence.attempts_by_domain()
    switched = await correspondence.switched()
    return await _desk(request, "delivery", status, form=form, domains=domains, switched=switched)


desk = Router(
    "/staff",
    route_handlers=[
        campaigns_page,
        campaign_page,
        letters_page,
        letter_page,
        held_page,
        held_mail_page,
        place,
        delivery_page,
        turn,
    ],
    before_request=only_staff,
)
router = Router("/", route_handlers=[dashboard_page, desk])
