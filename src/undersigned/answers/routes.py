"""Public pages of what became of letters, and the same as JSON and CSV."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.params import FromPath, FromQuery, PathParameter

from undersigned.answers import figures, files
from undersigned.answers.figures import Line, OfCampaign
from undersigned.campaigns import finding
from undersigned.kit import pages
from undersigned.kit.caching import Shelf
from undersigned.kit.errors import Missing
from undersigned.representatives.tables import Representative

Number = Annotated[int, PathParameter(le=2**31 - 1)]
KEPT_SECONDS = 10
PER_PAGE = 50
OPEN = {"access-control-allow-origin": "*", "cache-control": "public, max-age=60"}
campaigns_shelf: Shelf[OfCampaign] = Shelf(seconds=KEPT_SECONDS)
members_shelf: Shelf[list[Line]] = Shelf(seconds=KEPT_SECONDS)


@get("/campaigns/{slug:str}/answers")
async def answers_page(
    slug: FromPath[str], request: Request[Any, Any, Any], page: FromQuery[int] = 1
) -> Response[Any]:
    """By representative: ``?sort=`` one of SORTS, ``?show=`` one of SHOWS, ``?of=`` part of a name or a place."""
    campaign = await finding.known(slug)
    found = await _of_campaign(campaign.id)
    asked = request.query_params
    sort = asked.get("sort", "") if asked.get("sort") in figures.SORTS else "place"
    show = asked.get("show", "") if asked.get("show") in figures.SHOWS else ""
    of = " ".join(asked.get("of", "").split())[:80]
    lines = figures.ordered(found.lines, sort, show, of)
    number = min(max(page, 1), max(1, -(-len(lines) // PER_PAGE)))
    html = pages.render(
        "answers/campaign.html",
        campaign=campaign,
        found=found,
        lines=lines[(number - 1) * PER_PAGE : number * PER_PAGE],
        many=len(lines),
        number=number,
        more=number * PER_PAGE < len(lines),
        sort=sort,
        sorts=figures.SORTS,
        show=show,
        shows=figures.SHOWS,
        of=of,
    )
    return pages.public_page(html, KEPT_SECONDS, request)


@get("/campaigns/{slug:str}/answers.json")
async def answers_json(slug: FromPath[str]) -> Response[bytes]:
    """Every representative of whom enough can be said, and the campaign's letters altogether."""
    campaign = await finding.known(slug)
    found = await _of_campaign(campaign.id)
    whole = None if found.whole.too_few else files.letters(found.whole)
    said = {
        "letters": whole,
        "some_withheld": found.few,
        "representatives": [files.as_json(x) for x in found.lines],
    }
    return _json(said)


@get("/campaigns/{slug:str}/answers.csv")
async def answers_csv(slug: FromPath[str]) -> Response[str]:
    """The same as a table."""
    campaign = await finding.known(slug)
    return _csv((await _of_campaign(campaign.id)).lines, f"{campaign.slug}-answers.csv")


@get("/representatives/{representative_id:int}")
async def representative_page(representative_id: Number, request: Request[Any, Any, Any]) -> Response[Any]:
    """One representative: where they stand, and what became of letters to them, campaign by campaign."""
    member = await _member(representative_id)
    html = pages.render(
        "answers/representative.html",
        member=member,
        seat=await figures.seat(representative_id),
        lines=await _of_member(representative_id),
    )
    return pages.public_page(html, KEPT_SECONDS, request)


@get("/representatives/{representative_id:int}/answers.json")
async def representative_json(representative_id: Number) -> Response[bytes]:
    """The same for programs."""
    member = await _member(representative_id)
    lines = await _of_member(representative_id)
    return _json({"id": member.id, "name": member.named, "answers": [files.as_json(line) for line in lines]})


@get("/representatives/{representative_id:int}/answers.csv")
async def representative_csv(representative_id: Number) -> Response[str]:
    """The same as a table."""
    member = await _member(representative_id)
    return _csv(await _of_member(member.id), f"representative-{member.id}-answers.csv")


async def _member(representative_id: int) -> Representative:
    member = await Representative.objects().where(Representative.id == representative_id).first()
    if member is None:
        raise Missing("There is no representative at this address.")
    return member


async def _of_campaign(campaign_id: int) -> OfCampaign:
    return await campaigns_shelf.get(str(campaign_id), lambda: figures.of_campaign(campaign_id))


async def _of_member(representative_id: int) -> list[Line]:
    return await members_shelf.get(str(representative_id), lambda: figures.of_representative(representative_id))


def _json(said: dict[str, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(said), media_type="application/json", headers=OPEN)


def _csv(lines: list[Line], name: str) -> Response[str]:
    headers = OPEN | {"content-disposition": f'attachment; filename="{name}"'}
    return Response(files.as_csv(lines), media_type="text/csv; charset=utf-8", headers=headers)


router = Router(
    "/",
    route_handlers=[
        answers_page,
        answers_json,
        answers_csv,
        representative_page,
        representative_json,
        representative_csv,
    ],
)
