"""The desk's pages for how a campaign's letters go: their pace, and those on paper, printed and noted as gone."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, RowId, desk_page
from undersigned.delivery import holding, pacing, paper
from undersigned.kit import pages, pdf
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.letters import bundling, manifest
from undersigned.posting import choosing
from undersigned.posting.forms import PaceForm
from undersigned.settings import settings
from undersigned.staff.routes import only_staff

AT_ONCE = 100
"""Letters in one PDF: a press of a button is a matter of seconds, and one printer's tray."""
GONE = {"posted": "posted", "handed": "handed in"}


@get("/campaigns/{slug:str}/pace", may="release letters")
async def pace_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """One by one or once a day, and how fast."""
    campaign = await finding.any_by_slug(slug)
    an_hour = str(campaign.letters_an_hour or "")
    return await _pace(request, campaign, Form({"letters_go": campaign.letters_go, "letters_an_hour": an_hour}))


@post("/campaigns/{slug:str}/pace", may="release letters")
async def change_pace(request: Asked, slug: FromPath[str]) -> Response[Any]:
    """Change it, from the next letter on."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    try:
        form = read(PaceForm, values)
        await pacing.change(campaign, form.letters_go, form.letters_an_hour, request.user.id)
    except Mistakes as mistakes:
        return await _pace(request, campaign, mistakes.form, 422)
    except Refused as refusal:
        field = "letters_an_hour" if isinstance(refusal, pacing.TooFast) else "letters_go"
        return await _pace(request, campaign, Form(values, {field: str(refusal)}), 422)
    return Redirect(f"/staff/campaigns/{slug}/pace?done=1", status_code=303)


async def _pace(request: Asked, campaign: Campaign, form: Form, status: int = 200) -> Response[str]:
    return await desk_page(
        request,
        "pace",
        status,
        campaign=campaign,
        form=form,
        most=settings.letters_an_hour,
        hours=settings.office_hours,
        waiting=await pacing.longest_lines(campaign.id),
        done="done" in request.query_params,
    )


@get("/campaigns/{slug:str}/paper", may="release letters")
async def readers_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Who is to get letters on paper and how many wait for each, and what was printed and has not gone."""
    campaign = await finding.any_by_slug(slug)
    rows, others = await bundling.waiting(campaign), await bundling.by_email(campaign)
    done = {name: request.query_params.get(name, "") for name in ("posted", "chosen")}
    shown: dict[str, Any] = {
        "readers": _readers(rows),
        "waiting": len(rows),
        "by_email": _readers(others),
        **{name: many if many.isdecimal() else "" for name, many in done.items()},
        "gone": GONE.get(request.query_params.get("how", ""), "posted"),
        "batches": await paper.batches(campaign.id),
    }
    return await desk_page(request, "paper", 200, campaign=campaign, **shown)


def _readers(rows: list[dict[str, Any]]) -> list[tuple[tuple[int, str, str], int]]:
    """Each reader with how many letters they are to get."""
    return list(Counter((row["reader"], row["mp"], row["constituency"]) for row in rows).items())


@get("/campaigns/{slug:str}/paper/{reader:int}", may="release letters")
async def reader_page(request: Asked, slug: FromPath[str], reader: RowId) -> Response[str]:
    """The letters to one reader that have waited longest, to be printed together."""
    campaign = await finding.any_by_slug(slug)
    rows = await bundling.waiting(campaign, reader)
    shown: dict[str, Any] = {"rows": rows[:AT_ONCE], "waiting": len(rows), "pdf_on": pdf.available()}
    return await desk_page(request, "paper_reader", campaign=campaign, batch=None, **shown)


@post("/campaigns/{slug:str}/paper/{reader:int}", may="release letters")
async def print_or_post(request: Asked, slug: FromPath[str], reader: RowId) -> Response[Any]:
    """Make the PDF of the letters that the page showed, and a batch of them; or note that just those have gone."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    rows = await _those(campaign, reader, values.get("letters", "").split())
    act = values.get("act", "")
    if act not in GONE:
        rows = rows[:AT_ONCE]
        await paper.batch(campaign.id, rows, request.user.id)
    return await _done(campaign, rows, act, request.user.id)


@get("/campaigns/{slug:str}/paper/batches/{batch:int}", may="release letters")
async def batch_page(request: Asked, slug: FromPath[str], batch: RowId) -> Response[str]:
    """What was printed together: once more as a PDF, its list, and that it has gone."""
    campaign = await finding.any_by_slug(slug)
    found = await paper.batch_of(campaign.id, batch)
    rows = [row for row in await bundling.waiting(campaign, found["reader"]) if row["id"] in found["letters"]]
    shown: dict[str, Any] = {"rows": rows, "waiting": len(rows), "pdf_on": pdf.available()}
    return await desk_page(request, "paper_reader", campaign=campaign, batch=found, **shown)


@post("/campaigns/{slug:str}/paper/batches/{batch:int}", may="release letters")
async def batch_done(request: Asked, slug: FromPath[str], batch: RowId) -> Response[Any]:
    """Print a batch again, make its list, or note that all of it has gone."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    found = await paper.batch_of(campaign.id, batch)
    rows = await _those(campaign, found["reader"], [str(letter_id) for letter_id in found["letters"]])
    return await _done(campaign, rows, values.get("act", ""), request.user.id)


async def _those(campaign: Campaign, reader: int, letters: list[str]) -> list[dict[str, Any]]:
    """Those of ``letters`` that still wait. Raises Missing when none does."""
    rows = [row for row in await bundling.waiting(campaign, reader) if str(row["id"]) in letters]
    if not rows:
        raise Missing("These letters no longer wait to go on paper.")
    return rows


@get("/campaigns/{slug:str}/paper/{reader:int}/instead", may="release letters")
async def instead_page(request: Asked, slug: FromPath[str], reader: RowId) -> Response[str]:
    """The letters to one reader that have yet to be e-mailed, to choose those that are posted instead."""
    return await _instead(request, await finding.any_by_slug(slug), reader)


@post("/campaigns/{slug:str}/paper/{reader:int}/instead", may="release letters")
async def put_on_paper(request: Asked, slug: FromPath[str], reader: RowId) -> Response[Any]:
    """Have the letters that were ticked posted instead of e-mailed; those that have gone meanwhile are left."""
    campaign, values = await finding.any_by_slug(slug), await typed(request)
    rows = [row for row in await bundling.by_email(campaign, reader) if f"letter_{row['id']}" in values]
    if not rows:
        return await _instead(request, campaign, reader, {"form": "Tick the letters that are to be posted."}, 422)
    chosen = await choosing.put_on_paper(rows, request.user.id)
    return Redirect(f"/staff/campaigns/{slug}/paper?chosen={chosen}", status_code=303)


async def _instead(
    request: Asked, campaign: Campaign, reader: int, errors: dict[str, str] | None = None, status: int = 200
) -> Response[str]:
    rows = await bundling.by_email(campaign, reader)
    return await desk_page(
        request,
        "paper_instead",
        status,
        campaign=campaign,
        rows=rows[:AT_ONCE],
        waiting=len(rows),
        form=Form(errors=errors or {}),
    )


async def _done(campaign: Campaign, rows: list[dict[str, Any]], act: str, staff_id: int) -> Response[Any]:
    if act in GONE:
        many = await holding.posted([row["id"] for row in rows], staff_id, by_hand=act == "handed")
        return Redirect(f"/staff/campaigns/{campaign.slug}/paper?posted={many}&how={act}", status_code=303)
    return await _printed(campaign, rows, act, staff_id)


async def _printed(campaign: Campaign, rows: list[dict[str, Any]], act: str, staff_id: int) -> Response[Any]:
    """The PDF, or for ``list`` what stands on its pages; a ``pack`` says who wrote, and what they agreed to."""
    with tempfile.TemporaryDirectory(prefix="undersigned-paper-") as folder:
        file = Path(folder) / "letters.pdf"
        made = await bundling.write(campaign, rows, file, staff_id=staff_id, with_writers=act == "pack")
        content = file.read_bytes()
    if act == "list":
        headers = pages.PRIVATE | {"content-disposition": 'attachment; filename="letters.csv"'}
        return Response(
            manifest.of(rows, made), media_type="text/csv; charset=utf-8", headers=headers, status_code=200
        )
    headers = pages.PRIVATE | {"content-disposition": 'inline; filename="letters.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers, status_code=200)


@get("/scan", may="release letters")
async def scan_page(request: Asked) -> Response[str]:
    """One field that takes what a scanner types, again and again; no script is needed."""
    return await _scan(request, Form({"how": request.query_params.get("how", "")}))


@post("/scan", may="release letters")
async def scan(request: Asked) -> Response[Any]:
    """Note the letter that was scanned as gone, or take one back."""
    values = await typed(request)
    try:
        if values.get("take_back", "").isdigit():
            await paper.take_back(int(values["take_back"][:18]), request.user.id)
            return await _scan(request, Form({"how": values.get("how", "")}), taken_back=values["take_back"])
        scanned = await paper.scan(values.get("scanned", ""), values.get("how") == "handed", request.user.id)
    except Refused as refusal:
        form = Form({"how": values.get("how", "")}, {"scanned": str(refusal)})
        return await _scan(request, form, status=422)
    return await _scan(request, Form({"how": values.get("how", "")}), scanned=scanned)


async def _scan(
    request: Asked,
    form: Form,
    scanned: paper.Scanned | None = None,
    taken_back: str = "",
    status: int = 200,
) -> Response[str]:
    form.values["how"] = form.values["how"] if form.values["how"] in GONE else "posted"
    many, latest = await paper.lately(request.user.id)
    shown: dict[str, Any] = {"scanned": scanned, "taken_back": taken_back, "many": many, "latest": latest}
    return await desk_page(request, "scan", status, form=form, gone=GONE, **shown)


router = Router(
    "/staff",
    route_handlers=[
        pace_page,
        change_pace,
        readers_page,
        reader_page,
        print_or_post,
        instead_page,
        put_on_paper,
        batch_page,
        batch_done,
        scan_page,
        scan,
    ],
    before_request=only_staff,
)
