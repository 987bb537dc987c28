"""Bring seats, members and memberships to what a list says: joined on codes and ids, never on names."""

from collections.abc import Iterable
from datetime import UTC, datetime

from undersigned.kit import database
from undersigned.postcodes import seats as known_seats
from undersigned.representatives import review as reviewing
from undersigned.representatives.lists import COMMONS, Line, NotAMemberList, read
from undersigned.representatives.review import Plan, Review
from undersigned.representatives.tables import Membership, Representative

__all__ = ["Line", "NotAMemberList", "Review", "look_over", "read", "status", "store", "store_within"]


async def look_over(lines: Iterable[Line]) -> Review:
    """What storing ``lines`` would change; nothing is written."""
    return (await reviewing.plan(list(lines))).review


async def store(lines: Iterable[Line], force: bool = False) -> Review:
    """Apply a list in one transaction, and say what it changed; again is the same as once.

    What staff have set stays. Without ``force`` raises TooManyUnseated, having changed nothing, when more
    than a fifth of the members would go.
    """
    async with database.transaction():
        return await store_within(lines, force)


async def store_within(lines: Iterable[Line], force: bool = False) -> Review:
    """As :func:`store`, in the transaction that the caller has begun."""
    await database.execute("LOCK TABLE membership IN SHARE ROW EXCLUSIVE MODE")
    plan = await reviewing.plan(list(lines))
    if not force:
        plan.review.guard()
    await _store_seats(plan.lines)
    await _end(plan)
    for line, same in plan.stays:
        member = await Representative.objects().where(Representative.id == same.representative_id).first()
        if member:
            await _update(member, line)
    for line in plan.comes:
        await _seat(line)
    return plan.review


async def _store_seats(lines: list[Line]) -> None:
    """A list that gives no name to a seat leaves the one it has."""
    seats = list({line.gss_code: line for line in lines}.values())
    await database.execute(
        _STORE_SEATS,
        [line.gss_code for line in seats],
        [line.constituency for line in seats],
        [_country(line) for line in seats],
        [line.region for line in seats],
        [line.chamber for line in seats],
        [line.area_kind for line in seats],
        [line.parliament_id for line in seats],
    )


_STORE_SEATS = """
    INSERT INTO constituency (gss_code, name, country, region, closed_reason, chamber, area_kind, parliament_id)
    SELECT code, coalesce(nullif(given.name, ''), known.name, code), given.country, given.region, '',
        given.chamber, given.area_kind, given.parliament_id
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[])
        AS given (code, name, country, region, chamber, area_kind, parliament_id)
    LEFT JOIN constituency known ON known.gss_code = code
    ON CONFLICT (gss_code) DO UPDATE SET name = excluded.name,
        country = coalesce(nullif(excluded.country, ''), constituency.country),
        region = coalesce(nullif(excluded.region, ''), constituency.region),
        parliament_id = coalesce(excluded.parliament_id, constituency.parliament_id),
        chamber = excluded.chamber, area_kind = excluded.area_kind
"""


def _country(line: Line) -> str:
    if line.country or line.chamber != COMMONS:
        return line.country
    return known_seats.COUNTRY_NAMES[known_seats.country_of(line.gss_code)]


async def _end(plan: Plan) -> None:
    gone = [one.membership_id for one in plan.goes]
    if gone:
        today = datetime.now(UTC).date()
        await Membership.update({Membership.ended_on: today}).where(Membership.id.is_in(gone))


async def _seat(line: Line) -> None:
    """A member comes to a seat: to the first place at it that is free, for some chambers have several."""
    member = await _member(line)
    await _update(member, line)
    row = await database.fetch_one(
        """SELECT min(place) AS free FROM generate_series(1, 1000) AS place WHERE place NOT IN
               (SELECT place FROM membership WHERE constituency = $1 AND ended_on IS NULL)""",
        line.gss_code,
    )
    await Membership(
        constituency=line.gss_code,
        representative=member.id,
        started_on=line.started_on,
        place=row["free"] if row else 1,
    ).save()


async def _member(line: Line) -> Representative:
    found = None
    if line.member_id:
        found = (
            await Representative.objects()
            .where(Representative.member_id == line.member_id, Representative.chamber == line.chamber)
            .first()
        )
    member = found or Representative(
        member_id=line.member_id,
        chamber=line.chamber,
        display_name=line.name,
        full_title=line.full_title or line.name,
    )
    if found is None:
        await member.save()
    return member


async def _update(member: Representative, line: Line) -> None:
    """Take over what the list says; what the operator has set about a member stays as it is."""
    member.display_name, member.full_title = line.name, line.full_title or line.name
    member.party = line.party or member.party
    member.address_as = line.address_as or member.address_as
    await _learn_id(member, line)
    if member.overridden_at is None:
        if line.takes_part_in_votes is not None:
            member.takes_part_in_votes = line.takes_part_in_votes
        if line.note is not None:
            member.note = line.note
        if line.email is not None:
            _set_email(member, line.email)
        elif member.contact == "unknown":
            member.contact = "post"
    await member.save()


async def _learn_id(member: Representative, line: Line) -> None:
    """A member from a list without ids gets theirs, unless another row has it already."""
    if member.member_id is None and line.member_id is not None:
        taken = Representative.exists().where(
            Representative.member_id == line.member_id, Representative.chamber == line.chamber
        )
        if not await taken:
            member.member_id = line.member_id


def _set_email(member: Representative, email: str) -> None:
    """A new address has not failed yet, whatever the former one did."""
    if member.email != email:
        member.failing_since = None
    member.email = email
    member.contact = "email" if email else "post"


async def status() -> dict[str, int]:
    """How many seats, sitting members, vacancies, and members without an e-mail address there are."""
    row = await database.fetch_one(
        """SELECT count(*) AS seats, count(m.id) AS sitting,
                  count(*) FILTER (WHERE m.id IS NULL AND c.closed_reason = '') AS vacant,
                  count(*) FILTER (WHERE r.contact = 'email') AS with_email,
                  count(*) FILTER (WHERE c.closed_reason <> '') AS closed,
                  count(*) FILTER (WHERE r.overridden_at IS NOT NULL) AS overridden
           FROM constituency c
           LEFT JOIN membership m ON m.constituency = c.gss_code AND m.ended_on IS NULL
           LEFT JOIN representative r ON r.id = m.representative
           WHERE c.chamber = 'commons' AND (c.ends_on IS NULL OR c.ends_on >= current_date)"""
    )
    return dict(row or {})
