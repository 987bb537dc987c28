"""Where to report: the directory, the nearest first."""

from litestar import Response, Router, get
from litestar.params import FromQuery

from undersigned.campaigns import finding as campaigns
from undersigned.centres import finding
from undersigned.kit import pages
from undersigned.kit.forms import Form
from undersigned.postcodes.postcode import NotAPostcode, Postcode

LONGEST_POSTCODE = 40


@get("/centres")
async def centres_page(
    postcode: FromQuery[str] = "", campaign: FromQuery[str] = "", chapter: FromQuery[str] = ""
) -> Response[str]:
    """The directory. A postcode that we cannot read is said so above the whole list, never instead of it."""
    found = await campaigns.by_slug(campaign) if campaign else None
    part = await campaigns.chapter(found, chapter) if found and chapter else None
    form, where = _read(postcode[:LONGEST_POSTCODE])
    return pages.page(
        "centres/centres.html",
        422 if form.errors else 200,
        campaign=found,
        chapter=part,
        place=where.outward if where else None,
        centres=await finding.nearest(await finding.of(found, part), where),
        form=form,
    )


def _read(typed: str) -> tuple[Form, Postcode | None]:
    form = Form({"postcode": typed})
    if not typed:
        return form, None
    try:
        return form, Postcode.parse(typed)
    except NotAPostcode as refusal:
        form.errors["postcode"] = str(refusal)
        return form, None


router = Router("/", route_handlers=[centres_page])
