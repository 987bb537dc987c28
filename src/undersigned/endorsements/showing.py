"""Endorsements as pages show them: the first few beside a campaign, and all of them on the wall."""

from dataclasses import dataclass
from typing import Any, Final

from undersigned.endorsements.ordering import ORDER
from undersigned.endorsements.tables import Endorsement
from undersigned.kit import database

FIRST: Final = 6
A_PAGE: Final = 60
_NAMES: Final = ("id", "kind", "name", "role", "organisation", "quote", "picture")
_COLUMNS: Final = ", ".join(f"e.{name}" for name in _NAMES)


@dataclass(frozen=True)
class Shown:
    """One as everybody sees it; ``headline`` is set large, and ``byline`` small beneath it."""

    id: int
    kind: str
    headline: str
    byline: str
    quote: str
    picture: str


@dataclass(frozen=True)
class Wall:
    """Some of those that match, in the desk's order; ``total`` is how many match, ``all`` how many there are."""

    rows: list[Shown]
    total: int
    all: int
    number: int

    @property
    def more(self) -> bool:
        """Whether there is another page."""
        return self.number * A_PAGE < self.total


async def first(campaign_id: int, chapter_id: int | None) -> tuple[list[Shown], int]:
    """The first six of a campaign's own, or of a chapter's, and how many there are.

    There are hundreds at most, and a campaign's page counts nothing.
    """
    ids = await database.fetch(
        f"SELECT e.id FROM endorsement e WHERE {_ON_THE_PAGE} ORDER BY {ORDER}",  # noqa: S608 - our own words.
        campaign_id,
        chapter_id,
    )
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM endorsement e WHERE e.id = ANY($1) ORDER BY {ORDER}",  # noqa: S608 - our own words.
        [row["id"] for row in ids[:FIRST]],
    )
    return [as_shown(row) for row in rows], len(ids)


_ON_THE_PAGE: Final = "e.campaign = $1 AND e.state = 'shown' AND e.chapter IS NOT DISTINCT FROM $2::int"
_MATCHES: Final = """($3 = '' OR
    strpos(lower(concat_ws(' ', e.name, e.role, e.organisation, e.quote)), lower($3)) > 0)"""


async def wall(campaign_id: int, chapter_id: int | None, words: str, number: int) -> Wall:
    """A page of sixty of those that hold ``words`` in a name, role, organisation or quote; the last at most."""
    row = await database.fetch_one(
        f"""SELECT count(*)::int AS whole, count(*) FILTER (WHERE {_MATCHES})::int AS total
            FROM endorsement e WHERE {_ON_THE_PAGE}""",  # noqa: S608 - our own words.
        campaign_id,
        chapter_id,
        words,
    )
    assert row is not None
    number = min(max(number, 1), max(1, -(-row["total"] // A_PAGE)))
    rows = await database.fetch(
        f"""SELECT {_COLUMNS} FROM endorsement e WHERE {_ON_THE_PAGE} AND {_MATCHES}
            ORDER BY {ORDER} LIMIT $4 OFFSET $5""",  # noqa: S608 - our own words.
        campaign_id,
        chapter_id,
        words,
        A_PAGE,
        (number - 1) * A_PAGE,
    )
    return Wall([as_shown(found) for found in rows], row["total"], row["whole"], number)


def of(endorsement: Endorsement) -> Shown:
    """One that somebody may see whom it belongs to, in whatever state it is."""
    return as_shown({name: getattr(endorsement, name) for name in _NAMES})


def as_shown(row: dict[str, Any]) -> Shown:
    """A row as it is set: an organisation's name large with whoever speaks for it beneath, or a person's."""
    speaks_for_it = row["kind"] == "organisation"
    if speaks_for_it:
        large, small = row["organisation"], [row["name"], row["role"]]
    elif row["name"]:
        large, small = row["name"], [row["role"], row["organisation"]]
    else:
        large, small = row["organisation"], []
    return Shown(
        id=row["id"],
        kind=row["kind"],
        headline=large,
        byline=", ".join(part for part in small if part),
        quote=row["quote"],
        picture=row["picture"] or "",
    )
