"""Find your MP."""

from typing import Any

from litestar import Request, Response, Router, get

from undersigned.kit import pages
from undersigned.kit.forms import Form
from undersigned.postcodes import ladder
from undersigned.postcodes.postcode import NotAPostcode
from undersigned.representatives import seats


@get("/your-mp")
async def your_mp_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """Who speaks for a postcode; with a kind answer on every rung of the ladder."""
    typed = request.query_params.get("postcode", "").strip()
    form = Form({"postcode": typed})
    if "postcode" not in request.query_params:
        return _answer(form)
    try:
        place = ladder.place(typed)
    except NotAPostcode as mistake:
        form.errors["postcode"] = str(mistake)
        return _answer(form, status=422)
    if place.match is ladder.Match.CROWN_DEPENDENCY:
        return _answer(form, seat=seats.NO_MP)
    if place.gss_code:
        estimated = place.match is ladder.Match.ESTIMATED
        return _answer(form, seat=await seats.of(place.gss_code, estimated))
    return _answer(form, seat=seats.UNKNOWN, candidates=await seats.some_seats(place.candidates))


def _answer(
    form: Form,
    seat: seats.Seat | None = None,
    candidates: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> Response[Any]:
    return pages.page("representatives/your_mp.html", status, form=form, seat=seat, candidates=candidates or [])


router = Router(path="/", route_handlers=[your_mp_page])
