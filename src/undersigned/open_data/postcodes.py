"""A postcode in the shape of postcodes.io."""

from typing import Any

from undersigned.postcodes import index, ladder
from undersigned.postcodes.postcode import NotAPostcode, Postcode
from undersigned.representatives import seats


async def answer(text: str) -> tuple[int, dict[str, Any]]:
    """The status and the body: 200 with a result, 404 when it is not known or not a postcode."""
    try:
        postcode = Postcode.parse(text)
    except NotAPostcode:
        return 404, {"status": 404, "error": "Invalid postcode"}
    place = ladder.place(postcode)
    row = index.current().find(postcode)
    if row is None or row.terminated:
        missing: dict[str, Any] = {"status": 404, "error": "Postcode not found"}
        if row is not None:
            missing["terminated"] = {"postcode": str(postcode)}
        return 404, missing
    seat = await seats.of(place.gss_code)
    result = {
        "postcode": str(postcode),
        "outcode": postcode.outward,
        "incode": postcode.inward,
        "parliamentary_constituency": seat.constituency or None,
        "parliamentary_constituency_2024": seat.constituency or None,
        "codes": {
            "parliamentary_constituency": place.gss_code,
            "parliamentary_constituency_2024": place.gss_code,
            "police_force_area": place.police_force_area,
            "country": place.nation,
        },
    }
    return 200, {"status": 200, "result": result}
