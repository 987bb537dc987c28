"""Where to report: the directory, the nearest first, and what happens when one does."""

from urllib.parse import urlencode

from litestar import Response, Router, get
from litestar.params import FromQuery

from undersigned.campaigns import finding as campaigns
from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.centres import finding, whereabouts
from undersigned.kit import pages
from undersigned.kit.forms import Form


@get("/centres")
async def centres_page(
    postcode: FromQuery[str] = "", campaign: FromQuery[str] = "", chapter: FromQuery[str] = ""
) -> Response[str]:
    """The directory; ``postcode`` is one, the first half of one, or a town.

    What we cannot read is said so above the whole list, never instead of it.
    """
    found, part = await _of(campaign, chapter)
    typed = postcode[: whereabouts.LONGEST].replace("\0", "").strip()
    centres = await finding.of(found, part)
    where = await whereabouts.of(typed, centres)
    close = await finding.nearest(centres, where.point) if where.point else []
    return pages.page(
        "centres/centres.html",
        422 if where.mistake else 200,
        campaign=found,
        chapter=part,
        of=_query(found, part),
        where=where,
        how_many=len(centres),
        nearest=close,
        areas=[] if close else await finding.by_area(centres, part),
        form=Form({"postcode": typed}, {"postcode": where.mistake} if where.mistake else {}),
    )


@get("/report")
async def report_page(campaign: FromQuery[str] = "", chapter: FromQuery[str] = "") -> Response[str]:
    """What counts, whom to tell, and what happens then."""
    found, part = await _of(campaign, chapter)
    return pages.page("centres/report.html", campaign=found, chapter=part, of=_query(found, part))


async def _of(campaign: str, chapter: str) -> tuple[Campaign | None, Chapter | None]:
    """The campaign and the chapter that an address names. Raises CampaignMissing."""
    found = await campaigns.by_slug(campaign) if campaign else None
    return found, await campaigns.chapter(found, chapter) if found and chapter else None


def _query(campaign: Campaign | None, chapter: Chapter | None) -> str:
    """What a link between these pages carries: ``campaign=…&chapter=…``, or nothing."""
    asked = {"campaign": campaign.slug if campaign else "", "chapter": chapter.slug if chapter else ""}
    return urlencode({name: slug for name, slug in asked.items() if slug})


router = Router("/", route_handlers=[centres_page, report_page])
