"""Members of Parliament from a file: an upsert that joins on codes and ids, never on names."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.postcodes import seats as known_seats
from undersigned.representatives.tables import Membership, Representative

COLUMNS = {"gss_code", "constituency", "name_display", "name_full_title", "party", "email"}


class NotAMemberList(Refused):
    """The file is not a list of members; nothing has been changed."""


@dataclass
class Review:
    """What an import changed, for a person to read over."""

    seats: int = 0
    new: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    email_changed: list[str] = field(default_factory=list)
    without_email: int = 0


@dataclass(frozen=True)
class Line:
    """One seat of a member list; ``name`` is empty when it is vacant."""

    gss_code: str
    constituency: str
    country: str
    region: str
    member_id: int | None
    name: str
    full_title: str
    address_as: str
    party: str
    email: str
    started_on: date | None
    takes_part_in_votes: bool
    note: str


def read(path: Path) -> list[Line]:
    """The lines of a CSV with the columns of COLUMNS (others are optional). Raises NotAMemberList."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = COLUMNS - set(rows.fieldnames or ())
            if missing:
                raise NotAMemberList(f"{path.name} lacks the columns {', '.join(sorted(missing))}.")
            lines = [_line(row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NotAMemberList(f"{path.name} cannot be read as CSV: {error}.") from error
    strange = sorted({line.gss_code for line in lines if line.gss_code not in known_seats.SEATS})
    if strange or not lines:
        raise NotAMemberList(f"{path.name} names seats that do not exist: {', '.join(strange[:3]) or 'none'}.")
    return lines


def _line(row: dict[str, str]) -> Line:
    name = "" if row["name_display"].strip().lower() in {"", "vacant"} else row["name_display"].strip()
    started = row.get("start_date") or ""
    return Line(
        gss_code=row["gss_code"].strip(),
        constituency=row["constituency"].strip(),
        country=row.get("country") or "",
        region=row.get("region") or "",
        member_id=int(row["member_id"]) if (row.get("member_id") or "").isdigit() else None,
        name=name,
        full_title=row["name_full_title"].strip() or name,
        address_as=row.get("address_as") or "",
        party=row["party"].strip(),
        email=_email(row["email"]),
        started_on=date.fromisoformat(started) if started else None,
        takes_part_in_votes=(row.get("takes_part_in_votes") or "true").lower() != "false",
        note=row.get("note") or "",
    )


def _email(text: str) -> str:
    """An address as the source gives it, or nothing: an address is never guessed."""
    found = text.strip().lower()
    return found if "@" in found and " " not in found else ""


async def store(lines: Iterable[Line]) -> Review:
    """Bring seats, members and memberships to what ``lines`` say, in one transaction."""
    review = Review()
    async with database.transaction():
        for line in lines:
            await _store_seat(line)
            await _store_member(line, review)
            review.seats += 1
    return review


async def _store_seat(line: Line) -> None:
    await database.execute(
        """INSERT INTO constituency (gss_code, name, country, region, closed_reason)
           VALUES ($1, $2, $3, $4, '')
           ON CONFLICT (gss_code) DO UPDATE SET name = excluded.name, country = excluded.country,
               region = excluded.region""",
        line.gss_code,
        line.constituency,
        line.country,
        line.region,
    )


async def _store_member(line: Line, review: Review) -> None:
    sitting = (
        await Membership.objects(Membership.representative)
        .where(Membership.constituency == line.gss_code, Membership.ended_on.is_null())
        .first()
    )
    stays = sitting is not None and line.name and _same(sitting.representative, line)
    if sitting is not None and not stays:
        review.left.append(f"{sitting.representative.display_name} ({line.constituency})")
        await Membership.update({Membership.ended_on: datetime.now(UTC).date()}).where(Membership.id == sitting.id)
    if not line.name:
        return
    member = sitting.representative if stays and sitting else await _member(line)
    await _update(member, line, review)
    if not stays:
        review.new.append(f"{line.name} ({line.constituency})")
        await Membership(constituency=line.gss_code, representative=member.id, started_on=line.started_on).save()


def _same(member: Representative, line: Line) -> bool:
    """By Parliament's id where both have one; a list without ids is matched by name within the seat."""
    if member.member_id and line.member_id:
        return bool(member.member_id == line.member_id)
    return bool(member.display_name == line.name)


async def _member(line: Line) -> Representative:
    found = None
    if line.member_id:
        found = await Representative.objects().where(Representative.member_id == line.member_id).first()
    member = found or Representative(member_id=line.member_id, display_name=line.name, full_title=line.full_title)
    if found is None:
        await member.save()
    return member


async def _update(member: Representative, line: Line, review: Review) -> None:
    """Take over what the list says; a contact that the operator has set stays as it is."""
    member.display_name, member.full_title, member.party = line.name, line.full_title, line.party
    member.takes_part_in_votes, member.note = line.takes_part_in_votes, line.note
    member.address_as = line.address_as or member.address_as
    if member.overridden_at is None:
        if member.email and member.email != line.email:
            review.email_changed.append(f"{line.name} ({line.constituency})")
        member.email = line.email
        member.contact = "email" if line.email else "post"
    review.without_email += not line.email
    await member.save()


async def status() -> dict[str, int]:
    """How many seats, sitting members, vacancies, and members without an e-mail address there are."""
    row = await database.fetch_one(
        """SELECT count(*) AS seats, count(m.id) AS sitting, count(*) - count(m.id) AS vacant,
                  count(*) FILTER (WHERE r.contact = 'email') AS with_email
           FROM constituency c
           LEFT JOIN membership m ON m.constituency = c.gss_code AND m.ended_on IS NULL
           LEFT JOIN representative r ON r.id = m.representative"""
    )
    return dict(row or {}) or {}
