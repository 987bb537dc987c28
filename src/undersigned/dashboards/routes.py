"""The public figures of a campaign, and the campaigner's desk."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.params import FromPath, PathParameter

from undersigned.campaigns import finding, goals
from undersigned.campaigns.tables import PaperBatch
from undersigned.dashboards import figures, mapping
from undersigned.delivery import holding, switch
from undersigned.kit import pages
from undersigned.kit.caching import Shelf
from undersigned.letters import states
from undersigned.postcodes.seats import COUNTRY_NAMES
from undersigned.responses import received
from undersigned.responses.wording import KIND_HEADINGS, KIND_WORDS
from undersigned.signatures import recounting
from undersigned.staff import guarding
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
        on_paper=await PaperBatch.total(campaign.id),
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


async def desk_page(request: Asked, template: str, status: int = 200, **context: Any) -> Response[str]:
    """A page of the desk: always with the state of the delivery switch on it, and how many letters are held."""
    desk = {"staff": request.user, "form_token": request.auth, "mode": await switch.mode()}
    desk["held_letters"] = await holding.waiting() if guarding.may(request.user, "read letters") else 0
    desk["may"] = lambda act: guarding.may(request.user, act)
    return pages.page(f"staff/{template}.html", status, **desk, **context)


@get("/")
async def campaigns_page(request: Asked) -> Response[str]:
    return await desk_page(request, "campaigns", campaigns=await figures.campaigns())


@get("/campaigns/{slug:str}")
async def campaign_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Figures for everybody on the desk; names and words only for those who may read letters."""
    campaign, may_read = await finding.any_by_slug(slug), guarding.may(request.user, "read letters")
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
        endorsements_waiting=await figures.endorsements_waiting(campaign.id),
        recount=await recounting.latest(campaign.id),
        countries=await figures.by_country(campaign.id),
        constituencies=await figures.by_constituency(campaign.id),
        chapters=await figures.by_chapter(campaign.id),
        sources=await figures.by_source(campaign.id),
        letters=await figures.letters_by_state(campaign.id),
        responses=await received.counts(campaign.id),
        latest=await received.latest(campaign.id) if may_read else [],
        interested=await figures.interested(campaign.id) if may_read else [],
        own_words=await figures.own_words(campaign.id),
        states=states.WORDS,
        kinds=KIND_HEADINGS,
        kind_words=KIND_WORDS,
    )


desk = Router("/staff", route_handlers=[campaigns_page, campaign_page], before_request=only_staff)
router = Router("/", route_handlers=[dashboard_page, map_page, desk])
