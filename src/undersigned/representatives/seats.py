"""Who sits for a constituency today, in words that a page can show."""

from dataclasses import dataclass
from typing import Any

from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.representatives.tables import Constituency, Membership, Representative


@dataclass(frozen=True)
class Seat:
    """A constituency and who holds it.

    ``kind`` is sitting, vacant, dissolved, none (a place without a Westminster MP) or unknown.
    """

    kind: str
    constituency: str = ""
    gss_code: str = ""
    mp: Representative | None = None
    membership_id: int | None = None
    estimated: bool = False
    note: str = ""

    @property
    def can_be_written_to(self) -> bool:
        """Whether a letter has a reader: an opted-out or vacant seat has none."""
        return self.mp is not None and self.mp.contact != "opted_out" and self.kind == "sitting"


NO_MP = Seat("none", note="The Crown dependencies have no MP at Westminster.")
UNKNOWN = Seat("unknown")


async def of(gss_code: str | None, estimated: bool = False) -> Seat:
    """The seat with this GSS code; UNKNOWN when there is no code or we do not know the seat."""
    if not gss_code:
        return UNKNOWN
    constituency = await Constituency.objects().where(Constituency.gss_code == gss_code).first()
    if constituency is None:
        return UNKNOWN
    membership = await _sitting(gss_code)
    if constituency.closed_reason:
        return Seat("dissolved", constituency.name, gss_code, note=constituency.closed_reason)
    if membership is None:
        return Seat("vacant", constituency.name, gss_code, estimated=estimated)
    mp: Representative = membership.representative
    return Seat("sitting", constituency.name, gss_code, mp, membership.id, estimated, mp.note)


async def _sitting(gss_code: str) -> Membership | None:
    return (
        await Membership.objects(Membership.representative)
        .where(Membership.constituency == gss_code, Membership.ended_on.is_null())
        .order_by(Membership.started_on, ascending=False)
        .first()
    )


async def all_seats() -> list[dict[str, Any]]:
    """Every constituency by name, with ``mp`` (display_name and party) or None, for choosing from a list."""
    rows = await database.fetch(
        """SELECT c.gss_code, c.name AS constituency, r.display_name, r.party FROM constituency c
           LEFT JOIN membership m ON m.constituency = c.gss_code AND m.ended_on IS NULL
           LEFT JOIN representative r ON r.id = m.representative ORDER BY c.name"""
    )
    return [{**row, "mp": row if row["display_name"] else None} for row in rows]


async def some_seats(gss_codes: tuple[str, ...] | list[str]) -> list[dict[str, Any]]:
    """The constituencies with these codes and their MPs, in the order of the codes."""
    known = {row["gss_code"]: row for row in await all_seats()}
    return [known[code] for code in gss_codes if code in known]


async def names() -> dict[str, str]:
    """Constituency names by GSS code."""
    return {row["gss_code"]: row["constituency"] for row in await all_seats()}


async def known(gss_code: str) -> Constituency:
    """The constituency with this code. Raises Missing."""
    found = await Constituency.objects().where(Constituency.gss_code == gss_code).first()
    if found is None:
        raise Missing("There is no constituency with that code.")
    return found
