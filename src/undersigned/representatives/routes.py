"""Find your MP."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, Router, get

from undersigned.kit import pages
from undersigned.kit.forms import Form
from undersigned.postcodes import index, ladder, places
from undersigned.postcodes.ladder import Match, Place
from undersigned.postcodes.postcode import NotAPostcode, Postcode
from undersigned.representatives import seats
from undersigned.representatives.seats import Seat

LONGEST_POSTCODE = 40


@dataclass(frozen=True)
class Found:
    """What the page says: a ``rung`` of the ladder (or chosen), the seat, candidates, and roughly where."""

    rung: str
    seat: Seat
    candidates: list[dict[str, Any]]
    town: str = ""
    terminated: bool = False


@get("/your-mp")
async def your_mp_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """Who speaks for a postcode; a kind answer on every rung of the ladder, and the whole list to choose from.

    ``constituency`` is a choice by name, and ``other`` says that the answer was not right.
    """
    asked = request.query_params
    typed, chosen = asked.get("postcode", "").strip()[:LONGEST_POSTCODE], asked.get("constituency", "")
    form = Form({"postcode": typed, "constituency": chosen})
    if chosen:
        seat = await seats.of(chosen)
        return await _answer(form, Found("chosen", seat, []), listed=seat.kind == "unknown")
    if "postcode" not in asked:
        return await _answer(form, listed="other" in asked)
    try:
        found = await _find(Postcode.parse(typed))
    except NotAPostcode as mistake:
        form.errors["postcode"] = str(mistake)
        return await _answer(form, status=422)
    unsure = found.rung not in {Match.EXACT, Match.ESTIMATED, Match.CROWN_DEPENDENCY}
    return await _answer(form, found, listed=unsure or "other" in asked)


async def _find(postcode: Postcode) -> Found:
    place = ladder.place(postcode)
    known = index.current()
    if place.match is Match.CROWN_DEPENDENCY:
        return Found(place.match, seats.NO_MP, [])
    if place.gss_code:
        seat = await seats.of(place.gss_code, place.match is Match.ESTIMATED)
        near = [code for code in known.candidates(postcode.outward) if code != place.gss_code]
        return Found(place.match, seat, await seats.some_seats(near), terminated=place.terminated)
    if place.match in {Match.BFPO, Match.OVERSEAS}:
        return Found(place.match, seats.UNKNOWN, [])
    return await _near(postcode, place)


async def _near(postcode: Postcode, place: Place) -> Found:
    """The candidates of the outward code; where there are none, the seats that lie nearest to its town."""
    town = await places.town(postcode)
    codes = place.candidates or await places.near(postcode, index.current())
    candidates = await seats.some_seats(codes)
    return Found(place.match, seats.UNKNOWN, candidates, town.name if town else "")


async def _answer(
    form: Form, found: Found | None = None, listed: bool = False, status: int = 200
) -> Response[Any]:
    return pages.page(
        "representatives/your_mp.html",
        status,
        form=form,
        found=found,
        everyone=await seats.all_seats() if listed else [],
    )


router = Router(path="/", route_handlers=[your_mp_page])
