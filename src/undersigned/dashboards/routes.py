"""The public figures of a campaign, and the campaigner's desk."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, PathParameter
from litestar.response import Redirect

from undersigned.campaigns import finding, goals
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import correspondence, figures, mapping, owed_mail, representatives
from undersigned.delivery import holding, switch
from undersigned.kit import database, pages
from undersigned.kit.caching import Shelf
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.letters import sheet, states, versions
from undersigned.postcodes.seats import COUNTRY_NAMES
from undersigned.representatives import corrections, refreshing
from undersigned.responses import placing, received
from undersigned.responses.wording import KIND_HEADINGS, KIND_WORDS
from undersigned.signatures import recounting
from undersigned.staff import audit, guarding
from undersigned.staff.forms import PlaceForm, SwitchForm
from undersigned.staff.routes import only_staff
from undersigned.staff.tables import Staff

RowId = Annotated[int, PathParameter(le=2**63 - 1)]
Asked = Request[Staff, str, Any]
KEPT_SECONDS = 10
MAP_SECONDS = 5
MAP_SORT = "-signatures"
shelf: Shelf[bytes] = Shelf(seconds=MAP_SECONDS)


@get("/campaigns/{slug:str}/dashboard")
async def dashboard_page(slug: FromPath[str]) -> Response[Any]:
    """Public figures: nothing about fewer than five people in one place."""
    campaign = await finding.by_slug(slug)
    goal = goals.next_goal(campaign.signature_count, campaign.goal, campaign.pledge_target)
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
        kinds=KIND_HEADINGS,
    )
    return pages.public_page(html, KEPT_SECONDS)


@get("/campaigns/{slug:str}/map")
async def map_page(slug: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Signatures by constituency, drawn and in a table: ``?sort=`` one of SORTS, ``?country=`` one alone."""
    asked = request.query_params
    sort = asked.get("sort", "") if asked.get("sort") in mapping.SORTS else MAP_SORT
    country = asked.get("country", "") if asked.get("country") in COUNTRY_NAMES.values() else ""

    async def make() -> bytes:
        campaign = await finding.to_sign(slug)
        found = await mapping.of(campaign.id)
        areas = [area for area in found.areas if country in ("", area.country)]
        rows = mapping.ordered(areas, sort)
        html = pages.render(
            "dashboards/map.html", campaign=campaign, map=found, areas=rows, sort=sort, country=country
        )
        return html.encode()

    return pages.public_page(await shelf.get(f"{slug}?{sort}&{country}", make), MAP_SECONDS, request)


async def any_campaign(slug: str) -> Campaign:
    """Any campaign, a draft too: staff see what the public cannot yet. Raises Missing."""
    campaign = await Campaign.objects().where(Campaign.slug == slug).first()
    if campaign is None:
        raise Missing("There is no campaign at this address.")
    return campaign


async def desk_page(request: Asked, template: str, status: int = 200, **context: Any) -> Response[str]:
    """A page of the desk: always with the state of the delivery switch on it."""
    desk = {"staff": request.user, "form_token": request.auth, "mode": await switch.mode()}
    desk["may"] = lambda act: guarding.may(request.user, act)
    return pages.page(f"staff/{template}.html", status, **desk, **context)


@get("/")
async def campaigns_page(request: Asked) -> Response[str]:
    return await desk_page(request, "campaigns", campaigns=await figures.campaigns())


@get("/campaigns/{slug:str}")
async def campaign_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Figures for everybody on the desk; names and words only for those who may read letters."""
    campaign, may_read = await any_campaign(slug), guarding.may(request.user, "read letters")
    goal = goals.next_goal(campaign.signature_count, campaign.goal, campaign.pledge_target)
    return await desk_page(
        request,
        "campaign",
        campaign=campaign,
        next_goal=goal,
        percent=goals.percent(campaign.signature_count, goal),
        funnel=await figures.funnel(campaign.id),
        days=await figures.by_day(campaign.id),
        hours=await figures.today_by_hour(campaign.id),
        latest_hours=await figures.latest_hours(campaign.id),
        words_waiting=await figures.words_waiting(campaign.id),
        recount=await recounting.latest(campaign.id),
        countries=await figures.by_country(campaign.id),
        constituencies=await figures.by_constituency(campaign.id),
        chapters=await figures.by_chapter(campaign.id),
        sources=await figures.by_source(campaign.id),
        letters=await figures.letters_by_state(campaign.id),
        responses=await received.counts(campaign.id),
        latest=await correspondence.latest_replies(campaign.id) if may_read else [],
        interested=await figures.interested(campaign.id) if may_read else [],
        own_words=await figures.own_words(campaign.id),
        states=states.WORDS,
        kinds=KIND_HEADINGS,
        kind_words=KIND_WORDS,
    )


@get("/letters", may="read letters")
async def letters_page(request: Asked, campaign: FromQuery[str] = "", page: FromQuery[int] = 1) -> Response[str]:
    """Letters of every state, or of the one in ``?state=``."""
    wanted = request.query_params.get("state", "")
    wanted = wanted if wanted in states.AT_THE_DESK else ""
    found = await correspondence.letters(wanted, campaign, min(max(page, 1), 10_000))
    return await desk_page(
        request,
        "letters",
        page=found,
        state=wanted,
        campaign=campaign,
        states=states.AT_THE_DESK,
        held=await correspondence.held(),
    )


@get("/letters/{letter_id:int}", may="read letters")
async def letter_page(request: Asked, letter_id: RowId) -> Response[str]:
    """One letter. That somebody read it is written in the audit, for it is another person's opinion."""
    letter = await correspondence.letter(letter_id)
    async with database.transaction():
        await audit.record("letter read", f"letter {letter_id}", staff_id=request.user.id)
    tried = await correspondence.attempts(letter_id)
    responses = await received.of_letter(letter_id)
    written_with, text_now = await versions.behind(letter)
    return await desk_page(
        request,
        "letter",
        letter=letter,
        written_with=written_with,
        text_now=text_now,
        not_yet=correspondence.NOT_YET.get(letter.state),
        sheet=sheet.of(letter),
        attempts=tried,
        resembles=await correspondence.resembled(letter),
        responses=responses,
        timeline=correspondence.timeline(letter, tried, responses),
        states=states.WORDS,
        outcomes=correspondence.OUTCOMES,
    )


@get("/letters/{letter_id:int}/paper", may="read letters")
async def letter_paper_page(request: Asked, letter_id: RowId) -> Response[bytes]:
    """The letter as a PDF, to be printed and posted; that somebody read it is written in the audit."""
    letter = await correspondence.finished(letter_id)
    async with database.transaction():
        await audit.record("letter printed", f"letter {letter_id}", staff_id=request.user.id)
    return Response(await sheet.of(letter).as_pdf(), media_type="application/pdf", headers=pages.PRIVATE)


@post("/letters/{letter_id:int}", may="release letters")
async def decide(request: Asked, letter_id: RowId) -> Response[Any]:
    """Let a held letter go again, say that it was posted, give it up, or refuse it with a reason."""
    values = await typed(request)
    await holding.decide(letter_id, values.get("act", ""), request.user.id, values.get("reason", ""))
    return Redirect(f"/staff/letters/{letter_id}", status_code=303)


@get("/held", may="read letters")
async def held_page(request: Asked, placed: FromQuery[int] = 0) -> Response[str]:
    """The holding pen: mail that we could not match with a letter."""
    return await desk_page(request, "held", pen=await placing.pen(), placed=placed)


@get("/held/{held_id:int}", may="read letters")
async def held_mail_page(request: Asked, held_id: RowId) -> Response[str]:
    """One held mail with its words, and the letters it may answer; that somebody read it is in the audit."""
    await placing.held(held_id)
    async with database.transaction():
        await audit.record("held mail read", f"held mail {held_id}", staff_id=request.user.id)
    return await _held_mail(request, held_id, Form())


@post("/held/{held_id:int}", may="place mail")
async def place(request: Asked, held_id: RowId) -> Response[Any]:
    """Put one held mail to the letter it answers."""
    values = await typed(request)
    try:
        form = read(PlaceForm, values)
        await placing.place(held_id, form.letter, request.user.id)
    except Mistakes as mistakes:
        return await _held_mail(request, held_id, mistakes.form, 422)
    except (Refused, Missing) as refusal:
        return await _held_mail(request, held_id, Form(values, {"letter": str(refusal)}), 422)
    return Redirect(f"/staff/held?placed={form.letter}", status_code=303)


async def _held_mail(request: Asked, held_id: int, form: Form, status: int = 200) -> Response[str]:
    held = await placing.held(held_id)
    likely = await correspondence.from_office(held.from_address)
    return await desk_page(request, "held_mail", status, held=held, likely=likely, form=form)


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
    owed = await owed_mail.by_kind()
    return await desk_page(request, "delivery", status, form=form, domains=domains, switched=switched, owed=owed)


@get("/representatives", may="correct representatives")
async def representatives_page(
    request: Asked, q: FromQuery[str] = "", only: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Response[str]:
    """Who sits where: all, those that ``?q=`` names, or those of one kind; above them the list that waits."""
    return await _representatives(request, Form({"q": q, "only": only}), page)


@post("/representatives", may="correct representatives")
async def settle(request: Asked) -> Response[Any]:
    """Apply or drop the list that waits, if it is still the one that was shown."""
    values = await typed(request)
    act, held = values.get("act"), await refreshing.waiting()
    try:
        if held and str(held.id) != values.get("refresh"):
            raise Refused("A newer list has come since you opened this page. Nothing was changed: read this one.")
        if act == "apply":
            await refreshing.apply_waiting(request.user.id)
        elif act == "drop":
            await refreshing.drop_waiting(request.user.id)
        else:
            raise Refused("Choose whether to apply the list or to drop it.")
    except Refused as refusal:
        return await _representatives(request, Form(errors={"form": str(refusal)}), status=422)
    return Redirect(f"/staff/representatives?done={act}", status_code=303)


async def _representatives(request: Asked, form: Form, number: int = 1, status: int = 200) -> Response[str]:
    rows, held = await representatives.seated(), await refreshing.waiting()
    words, only = form.values.get("q", "")[:100], form.values.get("only", "")
    return await desk_page(
        request,
        "representatives",
        status,
        form=form,
        page=representatives.search(rows, words, only, min(max(number, 1), 10_000)),
        seats=len(rows),
        counts=representatives.counts(rows),
        only=representatives.ONLY,
        contacts=representatives.CONTACTS,
        held=held,
        review=refreshing.review_of(held) if held else None,
        look=await representatives.latest_look(),
        outcomes=representatives.OUTCOMES,
        done=request.query_params.get("done", ""),
    )


@get("/representatives/{gss:str}", may="correct representatives")
async def representative_page(request: Asked, gss: FromPath[str], member: FromQuery[str] = "") -> Response[str]:
    """One seat: who holds it, how they are reached, and what we have set against what the lists say."""
    return await _representative(request, await representatives.seat(gss, member))


@post("/representatives/{gss:str}", may="correct representatives")
async def correct(request: Asked, gss: FromPath[str]) -> Response[Any]:
    """One change to a seat or to the member on it, by the ``act`` of the form that was sent."""
    values = await typed(request)
    seat = await representatives.seat(gss, values.get("member", ""))
    try:
        done = await _change(seat, values, request.user.id)
    except Mistakes as mistakes:
        return await _representative(request, seat, mistakes.form, 422)
    except Refused as refusal:
        return await _representative(request, seat, Form(errors={"form": str(refusal)}), 422)
    which = values.get("member", "") if len(seat.sitting) > 1 and done != "vacated" else ""
    return Redirect(f"/staff/representatives/{seat.gss_code}?done={done}&member={which}", status_code=303)


async def _change(seat: representatives.Seat, values: dict[str, str], staff_id: int) -> str:
    """Do what one form asks, and answer which it was. Raises Mistakes, or Refused when nothing fits."""
    act = values.get("act")
    if act == "close":
        why = read(representatives.CloseForm, values).closed_reason
        await corrections.close(seat.gss_code, why, staff_id)
        return "closed"
    if act == "open":
        await corrections.reopen(seat.gss_code, staff_id)
        return "opened"
    return await _change_member(seat, act, values, staff_id)


async def _change_member(
    seat: representatives.Seat, act: str | None, values: dict[str, str], staff_id: int
) -> str:
    """As :func:`_change`, for the acts that are about a person: it must still be the one who was shown."""
    member = seat.still(values.get("member", ""))
    if act == "vacate":
        gone = read(representatives.VacateForm, values)
        await corrections.vacate(seat.which, gone.reason, gone.on, staff_id)
        return "vacated"
    if act == "forget":
        await corrections.forget(seat.which, staff_id)
        return "forgotten"
    if act == "forgive":
        await _forgive(seat, member, staff_id)
        return "forgiven"
    correction = read(representatives.CorrectionForm, values).correction(member)
    if correction is None:
        return "nothing"
    await corrections.correct(seat.which, correction, staff_id)
    return "corrected"


async def _forgive(seat: representatives.Seat, member: dict[str, Any], staff_id: int) -> None:
    """Setting the address again clears its failure; lists keep the say over it if they had it before."""
    await corrections.correct(seat.which, corrections.Correction("email", member["email"]), staff_id)
    if member["overridden_at"] is None:
        await corrections.forget(seat.which, staff_id)


async def _representative(
    request: Asked, seat: representatives.Seat, form: Form | None = None, status: int = 200
) -> Response[str]:
    form = form or Form()
    return await desk_page(
        request,
        "representative",
        status,
        seat=seat,
        form=Form(representatives.shown(seat, form.values), form.errors),
        beside=await representatives.beside(seat.member, seat.gss_code) if seat.member else [],
        changes=await representatives.changes(seat),
        contacts=representatives.CONTACTS,
        done=request.query_params.get("done", ""),
    )


desk = Router(
    "/staff",
    route_handlers=[
        campaigns_page,
        campaign_page,
        letters_page,
        letter_page,
        letter_paper_page,
        decide,
        held_page,
        held_mail_page,
        place,
        delivery_page,
        turn,
        representatives_page,
        settle,
        representative_page,
        correct,
    ],
    before_request=only_staff,
)
router = Router("/", route_handlers=[dashboard_page, map_page, desk])
