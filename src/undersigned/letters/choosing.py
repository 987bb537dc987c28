"""Which seat a letter is for: what the postcode says, or what the writer chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes
from undersigned.postcodes import index, ladder, places
from undersigned.postcodes.ladder import Match
from undersigned.postcodes.postcode import Postcode
from undersigned.representatives import seats
from undersigned.representatives.seats import Seat


class WrongConstituency(Refused):
    """The constituency that was asked for is nowhere near the postcode."""


@dataclass(frozen=True)
class Answer:
    """One seat, or several to choose from."""

    seat: Seat
    candidates: list[dict[str, Any]] = field(default_factory=list)


async def answer(typed_postcode: str, chosen: str = "") -> Answer:
    """The seat for what was typed, or the candidates. Raises NotAPostcode or WrongConstituency."""
    if not typed_postcode.strip():
        raise Refused("Enter your postcode, such as M1 1AA.")
    place = ladder.place(Postcode.parse(typed_postcode))
    if place.match is Match.CROWN_DEPENDENCY:
        return Answer(seats.NO_MP)
    if chosen:
        return Answer(await _chosen(typed_postcode, place, chosen))
    if place.gss_code:
        return Answer(await seats.of(place.gss_code, estimated=place.match is Match.ESTIMATED))
    return Answer(seats.UNKNOWN, await _candidates(Postcode.parse(typed_postcode), place))


async def _candidates(postcode: Postcode, place: ladder.Place) -> list[dict[str, Any]]:
    """The few seats that the outward code touches; else all of them, those that are probably near first."""
    if place.candidates:
        return await seats.some_seats(place.candidates)
    near = await places.near(postcode, index.current())
    everywhere = await seats.all_seats()
    return sorted(
        everywhere, key=lambda seat: near.index(seat["gss_code"]) if seat["gss_code"] in near else len(near)
    )


async def others(typed_postcode: str) -> list[dict[str, Any]]:
    """The seats that whoever lives there could have instead of the one they were told: those that are taken after.

    All of them where nothing is known of the postcode. Raises NotAPostcode, or WrongConstituency when no other can
    be: then it is the postcode that is to be put right.
    """
    postcode = Postcode.parse(typed_postcode)
    near = _near(postcode, ladder.place(postcode))
    if len(near) == 1:
        (only,) = await seats.some_seats(sorted(near)) or [{"constituency": "one constituency"}]
        raise WrongConstituency(
            f"Every home near {postcode} is in {only['constituency']}, as far as we know. "
            "If your MP is another, look at the postcode once more: it should be that of your home."
        )
    return await (seats.some_seats(sorted(near)) if near else seats.all_seats())


async def asked_again(typed_postcode: str) -> list[dict[str, Any]]:
    """What somebody who carried on without choosing had before them. Raises as :func:`others`."""
    return (await answer(typed_postcode)).candidates or await others(typed_postcode)


def _near(postcode: Postcode, place: ladder.Place) -> set[str]:
    near = {*index.current().candidates(postcode.outward), *place.candidates}
    return near | ({place.gss_code} if place.gss_code else set())


async def _chosen(typed_postcode: str, place: ladder.Place, gss_code: str) -> Seat:
    """The writer knows better than our data, but only within reason: MPs answer nobody else's constituents."""
    near = _near(Postcode.parse(typed_postcode), place)
    if near and gss_code not in near:
        raise WrongConstituency(
            "That constituency is not near this postcode. Look at the postcode once more: it should be that of "
            "your home."
        )
    return await seats.of(gss_code)


async def seat_for(postcode: Postcode, chosen: str) -> Seat:
    """The seat a finished letter is for. Raises Mistakes when there is none to be had."""
    try:
        found = await answer(str(postcode), chosen)
    except Refused as refusal:
        raise Mistakes(Form(errors={"postcode": str(refusal)})) from refusal
    if found.candidates:
        raise Mistakes(Form(errors={"postcode": "Choose your constituency first."}))
    if not found.seat.can_be_written_to:
        raise Mistakes(Form(errors={"postcode": "There is nobody to write to for this postcode at the moment."}))
    return found.seat


async def for_sheets(form: Form, half_done: bool = False) -> Answer:
    """The seat that the sheets are shown for: :func:`half_done_seat` while something is to be put right."""
    values = form.values
    if form.errors or half_done:
        return await half_done_seat(values)
    return await answer(values.get("postcode", ""), values.get("constituency", ""))


async def half_done_seat(values: Mapping[str, str]) -> Answer:
    """The seat that a half-finished letter was shown for, so that a mistake in it costs no words.

    What the postcode says is asked again before anything is sent. Raises NotAPostcode or WrongConstituency.
    """
    seat = await seats.of(values.get("constituency", ""))
    if seat.can_be_written_to:
        return Answer(seat)
    return await answer(values.get("postcode", ""), values.get("constituency", ""))
