"""A list of centres that came in a file: what it would change is shown first, and then it is taken, or not."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.centres import keeping, listing
from undersigned.centres.forms import CentreForm
from undersigned.centres.reading import COLUMNS, Row, Table
from undersigned.centres.tables import Centre
from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.postcodes import towns
from undersigned.staff import audit

WORDS: Final = {"new": "new", "changed": "changed", "same": "as it is", "refused": "cannot be taken"}


class Overtaken(Refused):
    """The directory has changed since the list was looked at."""


@dataclass(frozen=True)
class Coming:
    """One line of the file: new, changed, same or refused. ``changes`` are (column, before, after) in words."""

    number: int
    name: str
    state: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    centre: Centre | None = None


@dataclass(frozen=True)
class Plan:
    """What taking a file would do. ``absent`` are centres of the campaign that it does not name."""

    coming: list[Coming]
    absent: list[Centre]
    unknown: tuple[str, ...]

    def of(self, *states: str) -> list[Coming]:
        """The lines in one of these states."""
        return [one for one in self.coming if one.state in states]

    @property
    def mark(self) -> str:
        """Words that differ whenever it would do something else."""
        told = [(one.number, one.name, one.state, one.changes) for one in self.coming]
        return hashlib.sha256(repr((told, [centre.id for centre in self.absent])).encode()).hexdigest()[:16]


async def look(campaign: Campaign, table: Table) -> Plan:
    """What the file would change; nothing is taken yet.

    A centre is the same when name and postcode are. A column that the file has not stays as it is.
    """
    held = {_key(centre.name, centre.postcode): centre for centre in await keeping.listed(campaign)}
    chapters = await _chapters(campaign)
    seen: dict[tuple[str, str], int] = {}
    coming = [_look(row, table, held, chapters, seen) for row in table.rows]
    absent = [centre for key, centre in held.items() if key not in seen]
    return Plan(coming, absent, table.unknown)


async def take(
    campaign: Campaign, table: Table, mark: str, remove_absent: bool, staff_id: int | None = None
) -> Plan:
    """Take every line that can be, in one go; with ``remove_absent`` the others go.

    Raises Overtaken, or Refused where lines with mistakes may be what would go.
    """
    async with database.transaction():
        await database.fetch("SELECT id FROM campaign WHERE id = $1 FOR UPDATE", campaign.id)
        plan = await look(campaign, table)
        if plan.mark != mark:
            raise Overtaken("Somebody has changed the directory since this was shown. Look at it once more.")
        for one in plan.of("new", "changed"):
            centre = one.centre or keeping.new(campaign)
            keeping.fill_in(centre, one.values)
            await centre.save()
        if remove_absent and plan.of("refused"):
            raise Refused("Nothing is taken out while lines of the file have mistakes: they may be those centres.")
        if remove_absent and plan.absent:
            await Centre.delete().where(Centre.id.is_in([centre.id for centre in plan.absent]))
        await audit.record("centres imported", campaign.slug, None, _counts(plan, remove_absent), staff_id)
    return plan


def _counts(plan: Plan, remove_absent: bool) -> dict[str, Any]:
    removed = [f"{centre.name}, {centre.postcode}" for centre in plan.absent] if remove_absent else []
    return {state: len(plan.of(state)) for state in WORDS} | {"removed": removed}


def _look(
    row: Row,
    table: Table,
    held: dict[tuple[str, str], Centre],
    chapters: dict[str, Chapter],
    seen: dict[tuple[str, str], int],
) -> Coming:
    name = row.words.get("name", "") or "No name"
    if row.form is None:
        return Coming(row.number, name, "refused", mistakes=row.mistakes)
    key = _key(row.form.name, row.form.postcode)
    if key in seen:
        return Coming(row.number, name, "refused", mistakes=[f"Line {seen[key]} has the same name and postcode."])
    seen[key] = row.number
    which = row.words.get("chapter", "")
    if which and towns.plain(which) not in chapters:
        return Coming(row.number, name, "refused", mistakes=[f"chapter: there is none called {which} here."])
    values = _values(row.form, table.columns, chapters.get(towns.plain(which)))
    centre = held.get(key)
    changes = _changes(centre, values, chapters) if centre else []
    state = "new" if centre is None else "changed" if changes else "same"
    return Coming(row.number, row.form.name, state, changes, values=values, centre=centre)


def _values(form: CentreForm, columns: Iterable[str], chapter: Chapter | None) -> dict[str, Any]:
    told = form.model_dump() | {"chapter": chapter.id if chapter else None}
    return {name: told[name] for name in columns}


def _changes(centre: Centre, values: dict[str, Any], chapters: dict[str, Chapter]) -> list[tuple[str, str, str]]:
    names = {chapter.id: chapter.name for chapter in chapters.values()}
    changes = []
    for column in COLUMNS:
        before, after = getattr(centre, column), values.get(column, getattr(centre, column))
        if before != after:
            words = [
                names.get(each, "") if column == "chapter" else listing.in_words(each) for each in (before, after)
            ]
            changes.append((column.replace("_", " "), words[0], words[1]))
    return changes


async def _chapters(campaign: Campaign) -> dict[str, Chapter]:
    """Chapters by the plain form of their slug, and of their name."""
    rows = await Chapter.objects().where(Chapter.campaign == campaign.id)
    return {towns.plain(words): row for row in rows for words in (row.name, row.slug)}


def _key(name: str, postcode: str) -> tuple[str, str]:
    return towns.plain(name), postcode.replace(" ", "").upper()
