"""Who let themselves be shown on a campaign's page: names, words and organisations."""

from dataclasses import dataclass
from typing import Any, Final

from undersigned.kit import database
from undersigned.postcodes import places
from undersigned.signatures.tables import Signature
from undersigned.supporters import names

SHOWN: Final = 6
WORDS_SHOWN: Final = 12
WORDS_A_PAGE: Final = 25
ORGANISATIONS_SHOWN: Final = 100


@dataclass(frozen=True)
class Signer:
    """A first name, or “A supporter”, and the town or else the constituency, empty when we know neither."""

    name: str
    place: str
    words: str = ""


_STANDS: Final = f"""signature.campaign = $1 AND ($2::int IS NULL OR signature.chapter = $2)
    AND signature.shows_name AND {Signature.COUNTS}"""
_WHO: Final = "signature.name, signature.postcode, signature.words, coalesce(c.name, '') AS constituency"
_FROM: Final = "signature LEFT JOIN constituency c ON c.gss_code = signature.constituency"
_WORDS: Final = f"{_STANDS} AND signature.words_state = 'shown' AND signature.words <> ''"


async def latest(campaign_id: int, chapter_id: int | None = None) -> list[Signer]:
    """The six counted last who ticked the box, newest first; of a chapter, if one is given."""
    rows = await database.fetch(
        f"""SELECT {_WHO} FROM {_FROM} WHERE {_STANDS}
            ORDER BY signature.confirmed_at DESC, signature.id DESC LIMIT $3""",  # noqa: S608 - our own words.
        campaign_id,
        chapter_id,
        SHOWN,
    )
    return [Signer(_called(row["name"]), await _place(row)) for row in rows]


async def in_their_own_words(
    campaign_id: int, chapter_id: int | None = None, most: int = WORDS_SHOWN, after: int = 0
) -> list[Signer]:
    """Words that a person has read and passed, of those who ticked the box, newest first.

    One more than ``most`` is answered when there are more.
    """
    rows = await database.fetch(
        f"SELECT {_WHO} FROM {_FROM} WHERE {_WORDS} ORDER BY signature.id DESC LIMIT $3 OFFSET $4",  # noqa: S608
        campaign_id,
        chapter_id,
        most + 1,
        after,
    )
    return [Signer(_called(row["name"]), await _place(row), row["words"]) for row in rows]


async def organisations(campaign_id: int, chapter_id: int | None = None) -> list[str]:
    """The hundred newest organisations that were passed, by name; two who sign for one are one."""
    rows = await database.fetch(
        f"""SELECT min(signature.organisation) AS name FROM signature
            WHERE {_STANDS} AND signature.words_state = 'shown' AND signature.organisation <> ''
            GROUP BY lower(signature.organisation) ORDER BY max(signature.id) DESC LIMIT $3""",  # noqa: S608
        campaign_id,
        chapter_id,
        ORGANISATIONS_SHOWN,
    )
    return sorted((row["name"] for row in rows), key=str.casefold)


def _called(name: str) -> str:
    return names.first(name) or "A supporter"


async def _place(row: dict[str, Any]) -> str:
    """The town that an outward code is in: no one's street, and what people there would say."""
    town = await places.town(row["postcode"].rpartition(" ")[0]) if row["postcode"] else None
    return town.name if town else str(row["constituency"])
