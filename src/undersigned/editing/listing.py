"""The template letters as the desk lists them: reads only."""

from dataclasses import dataclass
from typing import Any

from undersigned.editing import attaching
from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.letters import versions
from undersigned.letters.tables import LetterVersion
from undersigned.letters.template import LetterTemplate

ORIGINS = {
    "shipped": "Shipped with Undersigned",
    "written": "Begun from nothing",
    "copied": "Copied",
    "edited": "Edited",
    "titled": "Given another title",
    "imported": "Imported",
    "restored": "Brought back",
}
OFFICES = {"mp": "An MP"}


@dataclass(frozen=True)
class Listed:
    """One template letter: its text now, who uses it, and what is wrong with it, if anything."""

    version: LetterVersion
    title: str
    to: str
    mistake: str
    campaigns: list[dict[str, Any]]

    @property
    def is_archived(self) -> bool:
        """Whether it is put away, and no campaign can choose it."""
        return self.version.archived_at is not None


async def everything() -> list[Listed]:
    """Every letter by its title, those that are put away last."""
    using = await _using()
    listed = [_listed(version, using.get(version.name, [])) for version in await versions.everything()]
    return sorted(listed, key=lambda one: (one.is_archived, one.title.casefold()))


async def one(name: str) -> Listed:
    """One letter by its name. Raises Missing."""
    version = await versions.current(name)
    return _listed(version, (await _using()).get(name, []))


def _listed(version: LetterVersion, campaigns: list[dict[str, Any]]) -> Listed:
    mistake = ""
    try:
        chosen: LetterTemplate | None = versions.parsed(version)
    except Refused as refusal:
        chosen, mistake = None, str(refusal)
    title, to = (chosen.title, OFFICES[chosen.to]) if chosen else (version.name, "")
    return Listed(version, title, to, mistake, campaigns)


async def _using() -> dict[str, list[dict[str, Any]]]:
    """The campaigns by the letter that they use."""
    rows = await database.fetch(
        "SELECT slug, title, state, letter FROM campaign WHERE letter <> '' ORDER BY title"
    )
    using: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        using.setdefault(row["letter"], []).append(row)
    return using


async def campaigns_to_choose(name: str) -> list[tuple[str, str]]:
    """The campaigns that could use this letter and do not, as a select wants them."""
    rows = await database.fetch(
        """SELECT slug, title, letter FROM campaign WHERE letter <> $1 AND state = ANY($2) ORDER BY title""",
        name,
        list(attaching.CHANGEABLE),
    )
    return [(row["slug"], f"{row['title']}{' (has another letter now)' if row['letter'] else ''}") for row in rows]
