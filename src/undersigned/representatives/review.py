"""What a list would change, for a person to read before it is applied."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.representatives.lists import Line
from undersigned.settings import settings

MOST_UNSEATED: Final = 0.2
FEW: Final = 5
SMALL: Final = 15
INVENTED: Final = "@example.org"


class TooManyUnseated(Refused):
    """So many members would lose their seats that the list is more likely wrong than the country."""


@dataclass
class Review:
    """The differences between a list and what we hold; each entry reads “name (constituency)”.

    ``vacant`` are seats that lose their member and get none. ``kept`` are things that staff have set and
    the list says otherwise. ``sitting`` counts real members in the seats of the list before the change.
    """

    seats: int = 0
    sitting: int = 0
    new: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    party_changed: list[str] = field(default_factory=list)
    email_changed: list[str] = field(default_factory=list)
    email_found: list[str] = field(default_factory=list)
    vacant: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unseated: int = 0
    without_email: int = 0

    @property
    def groups(self) -> dict[str, list[str]]:
        """What is to be shown, under its heading."""
        headings = {
            "New": self.new,
            "Left": self.left,
            "Party changed": self.party_changed,
            "E-mail changed": self.email_changed,
            "E-mail found where there was none": self.email_found,
            "Vacant": self.vacant,
            "Kept, because you have set it": self.kept,
        }
        return {heading: entries for heading, entries in headings.items() if entries}

    @property
    def replaces(self) -> bool:
        """Whether anything that we hold now would go; the invented members of a demo are no loss."""
        return bool(self.unseated or self.party_changed or self.email_changed)

    @property
    def is_small(self) -> bool:
        """Few enough changes for an ordinary night, so that nobody need look first."""
        return len(self.new + self.left + self.party_changed + self.email_changed) <= SMALL

    def guard(self) -> None:
        """Raises TooManyUnseated when more than a fifth would go at once, as only an election does."""
        if self.unseated > FEW and self.unseated > self.sitting * MOST_UNSEATED:
            raise TooManyUnseated(
                f"{self.unseated} of {self.sitting} members would lose their seats, which happens only at a "
                "general election. Nothing was changed; use --force if that is right."
            )

    def as_json(self) -> dict[str, Any]:
        """Everything, for a column."""
        return asdict(self)


@dataclass(frozen=True)
class Sitting:
    """One open membership: who sits where now."""

    membership_id: int
    representative_id: int
    gss_code: str
    place: int
    member_id: int | None
    name: str
    party: str
    email: str
    overridden: bool

    def is_the_one_on(self, line: Line) -> bool:
        """By member id where both have one; a list without ids is matched by name within the seat."""
        if self.member_id and line.member_id:
            return self.member_id == line.member_id
        return self.name == line.name

    @property
    def is_invented(self) -> bool:
        """A member of the demonstration, who may go at any time."""
        return self.member_id is None and (settings.demo or self.email.endswith(INVENTED))


@dataclass
class Plan:
    """The list beside the rows: who stays on which membership, who comes, who goes."""

    review: Review
    lines: list[Line]
    stays: list[tuple[Line, Sitting]] = field(default_factory=list)
    comes: list[Line] = field(default_factory=list)
    goes: list[Sitting] = field(default_factory=list)


async def plan(lines: list[Line]) -> Plan:
    """Compare ``lines`` with the rows; nothing is written."""
    made = Plan(Review(seats=len({line.gss_code for line in lines})), lines)
    sitting = await _sitting(sorted({line.gss_code for line in lines}))
    ended = await _ended_by_staff()
    by_seat: dict[str, list[Line]] = {}
    for line in lines:
        by_seat.setdefault(line.gss_code, []).append(line)
    for gss_code, here in by_seat.items():
        _compare(made, here, sitting.get(gss_code, []), ended)
    made.review.without_email = sum(bool(line.name) and not line.email for line in lines)
    return made


async def _sitting(gss_codes: list[str]) -> dict[str, list[Sitting]]:
    rows = await database.fetch(
        """SELECT m.id, m.representative, m.constituency, m.place, r.member_id, r.display_name, r.party, r.email,
                  r.overridden_at IS NOT NULL AS overridden
           FROM membership m JOIN representative r ON r.id = m.representative
           WHERE m.ended_on IS NULL AND m.constituency = ANY($1) ORDER BY m.constituency, m.place""",
        gss_codes,
    )
    found: dict[str, list[Sitting]] = {}
    for row in rows:
        found.setdefault(row["constituency"], []).append(Sitting(*row.values()))
    return found


async def _ended_by_staff() -> set[tuple[str, str]]:
    """Memberships that staff have ended: the seat and the member, by id or by name."""
    rows = await database.fetch(
        """SELECT m.constituency, coalesce(r.member_id::text, r.display_name) AS who
           FROM membership m JOIN representative r ON r.id = m.representative
           WHERE m.ended_on IS NOT NULL AND m.overridden_at IS NOT NULL"""
    )
    return {(row["constituency"], row["who"]) for row in rows}


def _compare(made: Plan, here: list[Line], sitting: list[Sitting], ended: set[tuple[str, str]]) -> None:
    """One seat. A member whom staff have taken off it does not come back from a list that is behind."""
    review, remaining = made.review, list(sitting)
    review.sitting += sum(not one.is_invented for one in sitting)
    filled = 0
    for line in here:
        same = next((one for one in remaining if line.name and one.is_the_one_on(line)), None)
        if same:
            remaining.remove(same)
            made.stays.append((line, same))
            _note_changes(review, line, same)
            filled += 1
        elif line.name and {(line.gss_code, str(line.member_id)), (line.gss_code, line.name)} & ended:
            review.kept.append(f"{line.named} no longer sits")
        elif line.name:
            made.comes.append(line)
            review.new.append(line.named)
            filled += 1
    constituency = here[0].constituency or here[0].gss_code
    for one in remaining:
        made.goes.append(one)
        review.left.append(f"{one.name} ({constituency})")
        review.unseated += not one.is_invented
    if remaining and not filled:
        review.vacant.append(constituency)


def _note_changes(review: Review, line: Line, same: Sitting) -> None:
    if same.party != line.party and line.party:
        review.party_changed.append(f"{line.named}: {same.party or 'none'} → {line.party}")
    if line.email is None or line.email == same.email:
        return
    if same.overridden:
        review.kept.append(f"{line.named}: the contact")
    else:
        (review.email_changed if same.email else review.email_found).append(line.named)
