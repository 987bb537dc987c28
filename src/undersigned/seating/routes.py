"""The desk's pages for who sits where: all of them, the list that waits, and one seat at a time."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from undersigned.dashboards.routes import Asked, desk_page
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes, read, typed
from undersigned.representatives import corrections, refreshing
from undersigned.seating import beside, listing, nightly, seats
from undersigned.seating.forms import CloseForm, CorrectionForm, VacateForm
from undersigned.seating.seats import Seat
from undersigned.staff.routes import only_staff


@get("/representatives", may="correct representatives")
async def representatives_page(
    request: Asked, q: FromQuery[str] = "", only: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Response[str]:
    """Who sits where: all, those that ``?q=`` names, or those of one kind; above them the list that waits."""
    return await _representatives(request, Form({"q": q, "only": only}), page)


@post("/representatives", may="correct representatives")
async def settle(request: Asked) -> Response[Any]:
    """Apply or drop the list that waits, if it is still the one that was shown."""
    values = await typed(request)
    act, held = values.get("act"), await refreshing.waiting()
    try:
        if held and str(held.id) != values.get("refresh"):
            raise Refused("A newer list has come since you opened this page. Nothing was changed: read this one.")
        if act == "apply":
            await refreshing.apply_waiting(request.user.id)
        elif act == "drop":
            await refreshing.drop_waiting(request.user.id)
        else:
            raise Refused("Choose whether to apply the list or to drop it.")
    except Refused as refusal:
        return await _representatives(request, Form(errors={"form": str(refusal)}), status=422)
    return Redirect(f"/staff/representatives?done={act}", status_code=303)


async def _representatives(request: Asked, form: Form, number: int = 1, status: int = 200) -> Response[str]:
    rows, held = await listing.seated(), await refreshing.waiting()
    words, only = form.values.get("q", "")[:100], form.values.get("only", "")
    return await desk_page(
        request,
        "representatives",
        status,
        form=form,
        page=listing.search(rows, words, only, min(max(number, 1), 10_000)),
        seats=len(rows),
        counts=listing.counts(rows),
        only=listing.ONLY,
        contacts=beside.CONTACTS,
        held=held,
        review=refreshing.review_of(held) if held else None,
        look=await nightly.latest_look(),
        outcomes=nightly.OUTCOMES,
        done=request.query_params.get("done", ""),
    )


@get("/representatives/{gss:str}", may="correct representatives")
async def representative_page(request: Asked, gss: FromPath[str], member: FromQuery[str] = "") -> Response[str]:
    """One seat: who holds it, how they are reached, and what we have set against what the lists say."""
    return await _representative(request, await seats.find(gss, member))


@post("/representatives/{gss:str}", may="correct representatives")
async def correct(request: Asked, gss: FromPath[str]) -> Response[Any]:
    """One change to a seat or to the member on it, by the ``act`` of the form that was sent."""
    values = await typed(request)
    seat = await seats.find(gss, values.get("member", ""))
    try:
        done = await _change(seat, values, request.user.id)
    except Mistakes as mistakes:
        return await _representative(request, seat, mistakes.form, 422)
    except Refused as refusal:
        return await _representative(request, seat, Form(errors={"form": str(refusal)}), 422)
    which = values.get("member", "") if len(seat.sitting) > 1 and done != "vacated" else ""
    return Redirect(f"/staff/representatives/{seat.gss_code}?done={done}&member={which}", status_code=303)


async def _change(seat: Seat, values: dict[str, str], staff_id: int) -> str:
    """Do what one form asks, and answer which it was. Raises Mistakes, or Refused when nothing fits."""
    act = values.get("act")
    if act == "close":
        why = read(CloseForm, values).closed_reason
        await corrections.close(seat.gss_code, why, staff_id)
        return "closed"
    if act == "open":
        await corrections.reopen(seat.gss_code, staff_id)
        return "opened"
    return await _change_member(seat, act, values, staff_id)


async def _change_member(seat: Seat, act: str | None, values: dict[str, str], staff_id: int) -> str:
    """As :func:`_change`, for the acts that are about a person: it must still be the one who was shown."""
    member = seat.still(values.get("member", ""))
    if act == "vacate":
        gone = read(VacateForm, values)
        await corrections.vacate(seat.which, gone.reason, gone.on, staff_id)
        return "vacated"
    if act == "forget":
        await corrections.forget(seat.which, staff_id)
        return "forgotten"
    if act == "forgive":
        await _forgive(seat, member, staff_id)
        return "forgiven"
    correction = read(CorrectionForm, values).correction(member)
    if correction is None:
        return "nothing"
    await corrections.correct(seat.which, correction, staff_id)
    return "corrected"


async def _forgive(seat: Seat, member: dict[str, Any], staff_id: int) -> None:
    """Setting the address again clears its failure; lists keep the say over it if they had it before."""
    await corrections.correct(seat.which, corrections.Correction("email", member["email"]), staff_id)
    if member["overridden_at"] is None:
        await corrections.forget(seat.which, staff_id)


async def _representative(
    request: Asked, seat: Seat, form: Form | None = None, status: int = 200
) -> Response[str]:
    form = form or Form()
    return await desk_page(
        request,
        "representative",
        status,
        seat=seat,
        form=Form(seats.shown(seat, form.values), form.errors),
        beside=await beside.of(seat.member, seat.gss_code) if seat.member else [],
        changes=await seats.changes(seat),
        contacts=beside.CONTACTS,
        done=request.query_params.get("done", ""),
    )


router = Router(
    "/staff",
    route_handlers=[representatives_page, settle, representative_page, correct],
    before_request=only_staff,
)
