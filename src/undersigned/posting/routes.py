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
from undersigned.kit.forms import typed
from undersigned.posting import bundling
from undersigned.staff.routes import only_staff

AT_ONCE = 100
"""Letters in one PDF: a press of a button is a matter of seconds, and one printer's tray."""


@get("/campaigns/{slug:str}/paper", may="release letters")
async def readers_page(request: Asked, slug: FromPath[str]) -> Response[str]:
    """Who is to get letters on paper, and how many wait for each."""
    campaign = await any_campaign(slug)
    rows = await bundling.waiting(campaign)
    many = Counter((row["reader"], row["mp"], row["constituency"]) for row in rows)
    posted = request.query_params.get("posted", "")
    shown: dict[str, Any] = {
        "readers": list(many.items()),
        "waiting": len(rows),
        "posted": posted if posted.isdigit() else "",
    }
    return await desk_page(request, "paper", 200, campaign=campaign, **shown)


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


async def _printed(campaign: Campaign, rows: list[dict[str, Any]], staff_id: int) -> Response[bytes]:
    with tempfile.TemporaryDirectory(prefix="undersigned-paper-") as folder:
        file = Path(folder) / "letters.pdf"
        await bundling.write(campaign, rows, file, staff_id=staff_id)
        content = file.read_bytes()
    headers = pages.PRIVATE | {"content-disposition": 'inline; filename="letters.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers, status_code=200)


router = Router("/staff", route_handlers=[readers_page, reader_page, print_or_post], before_request=only_staff)
