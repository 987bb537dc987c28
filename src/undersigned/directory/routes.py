"""The desk's pages for reporting centres, one by one and from a file."""

import base64
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import finding as campaigns
from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.centres import checking, keeping, listing, reading, taking
from undersigned.centres.finding import is_fresh
from undersigned.centres.reading import Table
from undersigned.centres.tables import Centre
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.directory.forms import DeskForm
from undersigned.kit import pages
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, read, typed, uploaded, verbatim
from undersigned.staff.routes import only_staff

DONE = {
    "saved": "It is saved, and stands in the directory.",
    "checked": "It is noted as checked today.",
    "out": "It is taken out of the directory.",
    "taken": "The file is taken over.",
}


@get("/campaigns/{slug:str}/centres", may="keep centres")
async def centres_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Every centre of a campaign; those that should be checked come first."""
    campaign = await campaigns.any_by_slug(slug)
    rows = sorted(await keeping.listed(campaign), key=lambda row: (is_fresh(row), row.name))
    return await desk_page(
        request,
        "centres",
        campaign=campaign,
        centres=rows,
        due={row.id for row in await checking.due(campaign.id)},
        chapters={row.id: row.name for row in await _chapters(campaign)},
        done=DONE.get(request.query_params.get("done", ""), ""),
    )


@get("/campaigns/{slug:str}/centres/new", may="keep centres")
async def new_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    return await _editing(request, await campaigns.any_by_slug(slug), Form())


@post("/campaigns/{slug:str}/centres/new", may="keep centres")
async def put_in(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Put a centre into the directory."""
    return await _save(request, await campaigns.any_by_slug(slug), None)


@get("/campaigns/{slug:str}/centres/{centre_id:int}", may="keep centres")
async def centre_page(request: Asked, slug: FromPath[str], centre_id: RowId) -> Response[str]:
    campaign = await campaigns.any_by_slug(slug)
    centre = await keeping.one(campaign, centre_id)
    return await _editing(request, campaign, _form_of(centre, await _chapters(campaign)), centre)


@post("/campaigns/{slug:str}/centres/{centre_id:int}", may="keep centres")
async def change(request: Asked, slug: FromPath[str], centre_id: RowId) -> Response[Any]:
    """Change what the directory says of it."""
    campaign = await campaigns.any_by_slug(slug)
    return await _save(request, campaign, await keeping.one(campaign, centre_id))


@post("/campaigns/{slug:str}/centres/{centre_id:int}/checked", may="keep centres")
async def check(request: Asked, slug: FromPath[str], centre_id: RowId) -> Redirect:
    """Note that somebody has asked there today, and that all of it is right."""
    await keeping.check(await campaigns.any_by_slug(slug), centre_id, request.user.id)
    return _to_list(slug, "checked")


@post("/campaigns/{slug:str}/centres/{centre_id:int}/out", may="keep centres")
async def take_out(request: Asked, slug: FromPath[str], centre_id: RowId) -> Redirect:
    """Take it out of the directory."""
    await keeping.remove(await campaigns.any_by_slug(slug), centre_id, request.user.id)
    return _to_list(slug, "out")


async def _save(request: Asked, campaign: Campaign, centre: Centre | None) -> Response[Any]:
    values = await typed(request)
    try:
        form = read(DeskForm, values)
        chapter = await campaigns.chapter(campaign, form.chapter) if form.chapter else None
        await keeping.save(campaign, form, chapter, request.user.id, centre.id if centre else None)
    except Mistakes as mistakes:
        return await _editing(request, campaign, mistakes.form, centre, 422)
    return _to_list(campaign.slug, "saved")


def _to_list(slug: str, done: str) -> Redirect:
    return Redirect(f"/staff/campaigns/{slug}/centres?done={done}", status_code=303)


def _form_of(centre: Centre, chapters: list[Chapter]) -> Form:
    values = {name: listing.in_words(getattr(centre, name)) for name in keeping.FIELDS}
    slugs = {chapter.id: chapter.slug for chapter in chapters}
    return Form(values | {"chapter": slugs.get(centre.chapter, "")})


async def _editing(
    request: Asked, campaign: Campaign, form: Form, centre: Centre | None = None, status: int = 200
) -> Response[str]:
    chapters = await _chapters(campaign)
    return await desk_page(
        request, "centre", status, campaign=campaign, centre=centre, form=form, chapters=chapters
    )


async def _chapters(campaign: Campaign) -> list[Chapter]:
    return list(await Chapter.objects().where(Chapter.campaign == campaign.id).order_by(Chapter.name))


@get("/campaigns/{slug:str}/centres.csv", may="keep centres")
async def download(request: Asked, slug: FromPath[str]) -> Response[str]:
    """The directory as a file that can be mended and brought back."""
    table = await listing.as_csv(await campaigns.any_by_slug(slug))
    named = {"content-disposition": f'attachment; filename="centres-{slug}.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=pages.PRIVATE | named)


@get("/campaigns/{slug:str}/centres/import", may="keep centres")
async def import_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Bring a list of centres in, and read what its columns are."""
    return await _import(request, await campaigns.any_by_slug(slug), Form())


@post("/campaigns/{slug:str}/centres/import", may="keep centres")
async def bring_in(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Show what a file would change; or take it, when that has been shown and is still so."""
    campaign, values = await campaigns.any_by_slug(slug), await verbatim(request)
    sent = _carried(values["bundle"]) if "bundle" in values else await uploaded(request, "file")
    try:
        if not sent:
            raise reading.NotAList("Choose the CSV that you want to bring in.")
        table = reading.read_table(sent)
        if "bundle" in values:
            await taking.take(campaign, table, values.get("mark", ""), "take_out" in values, request.user.id)
            return _to_list(slug, "taken")
    except taking.Overtaken as overtaken:
        return await _import(request, campaign, Form(errors={"form": str(overtaken)}), table, sent, 422)
    except Refused as refusal:
        return await _import(request, campaign, Form(errors={"file": str(refusal)}), status=422)
    return await _import(request, campaign, Form(), table, sent)


def _carried(bundle: str) -> bytes:
    """The file as the page carried it; whoever changed it there has it read again like any other."""
    try:
        return base64.urlsafe_b64decode(bundle)
    except ValueError:
        return b""


async def _import(
    request: Asked,
    campaign: Campaign,
    form: Form,
    table: Table | None = None,
    sent: bytes = b"",
    status: int = 200,
) -> Response[str]:
    plan = await taking.look(campaign, table) if table else None
    return await desk_page(
        request,
        "centre_import",
        status,
        campaign=campaign,
        form=form,
        plan=plan,
        states=taking.WORDS,
        bundle=base64.urlsafe_b64encode(sent).decode(),
        columns=reading.COLUMNS,
        largest=reading.LARGEST,
        most=reading.MOST,
    )


_ONE_BY_ONE = [centres_page, new_page, put_in, centre_page, change, check, take_out]
router = Router(
    "/staff", route_handlers=[*_ONE_BY_ONE, download, import_page, bring_in], before_request=only_staff
)
