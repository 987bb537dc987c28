"""The desk's pages for a campaign's paper letters: by reader, as one PDF, and noted as posted."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from undersigned.campaigns.tables import Campaign
from undersigned.dashboards.routes import Asked, RowId, any_campaign, desk_page
from undersigned.delivery import holding
from undersigned.kit import pages, pdf
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form, typed
from undersigned.letters import bundling
from undersigned.posting import choosing
from undersigned.staff.routes import only_staff

AT_ONCE = 100
"""Letters in one PDF: a press of a button is a matter of seconds, and one printer's tray."""


@get("/campaigns/{slug:str}/paper", may="release letters")
async def readers_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Who is to get letters on paper, and how many wait for each."""
    campaign = await any_campaign(slug)
    rows, others = await bundling.waiting(campaign), await bundling.by_email(campaign)
    done = {name: request.query_params.get(name, "") for name in ("posted", "chosen")}
    shown: dict[str, Any] = {
        "readers": _readers(rows),
        "waiting": len(rows),
        "by_email": _readers(others),
        **{name: many if many.isdecimal() else "" for name, many in done.items()},
    }
    return await desk_page(request, "paper", 200, campaign=campaign, **shown)


def _readers(rows: list[dict[str, Any]]) -> list[tuple[tuple[int, str, str], int]]:
    """Each reader with how many letters they are to get."""
    return list(Counter((row["reader"], row["mp"], row["constituency"]) for row in rows).items())


@get("/campaigns/{slug:str}/paper/{reader:int}", may="release letters")
async def reader_page(request: Asked, slug: FromPath[str], reader: RowId) -> Response[str]:
    """The letters to one reader that have waited longest, to be printed together."""
    campaign = await any_campaign(slug)
    rows = await bundling.waiting(campaign, reader)
    return await desk_page(
        request, "paper_reader", campaign=campaign, rows=rows[:AT_ONCE], waiting=len(rows), pdf_on=pdf.available()
    )


@post("/campaigns/{slug:str}/paper/{reader:int}", may="release letters")
async def print_or_post(request: Asked, slug: FromPath[str], reader: RowId) -> Response[Any]:
    """Make the PDF of the letters that the page showed, or note that just those were posted."""
    campaign = await any_campaign(slug)
    values = await typed(request)
    shown = set(values.get("letters", "").split())
    rows = [row for row in await bundling.waiting(campaign, reader) if str(row["id"]) in shown]
    if not rows:
        raise Missing("These letters no longer wait to go on paper.")
    if values.get("act") == "posted":
        await holding.posted([row["id"] for row in rows], request.user.id)
        return Redirect(f"/staff/campaigns/{slug}/paper?posted={len(rows)}", status_code=303)
    return await _printed(campaign, rows[:AT_ONCE], request.user.id)


@get("/campaigns/{slug:str}/paper/{reader:int}/instead", may="release letters")
async def instead_page(request: Asked, slug: FromPath[str], reader: RowId) -> Response[str]:
    """The letters to one reader that have yet to be e-mailed, to choose those that are posted instead."""
    return await _instead(request, await any_campaign(slug), reader)


@post("/campaigns/{slug:str}/paper/{reader:int}/instead", may="release letters")
async def put_on_paper(request: Asked, slug: FromPath[str], reader: RowId) -> Response[Any]:
    """Have the letters that were ticked posted instead of e-mailed; those that have gone meanwhile are left."""
    campaign, values = await any_campaign(slug), await typed(request)
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


async def _printed(campaign: Campaign, rows: list[dict[str, Any]], staff_id: int) -> Response[bytes]:
    with tempfile.TemporaryDirectory(prefix="undersigned-paper-") as folder:
        file = Path(folder) / "letters.pdf"
        await bundling.write(campaign, rows, file, staff_id=staff_id)
        content = file.read_bytes()
    headers = pages.PRIVATE | {"content-disposition": 'inline; filename="letters.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers, status_code=200)


router = Router(
    "/staff",
    route_handlers=[readers_page, reader_page, print_or_post, instead_page, put_on_paper],
    before_request=only_staff,
)
