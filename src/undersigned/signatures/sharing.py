"""The link that a signer passes on, and who came by it."""

from urllib.parse import urlencode

from undersigned.kit import database, tokens
from undersigned.settings import settings
from undersigned.signatures import arriving
from undersigned.signatures.tables import Tally


def link(slug: str, bucket: str = "", signature_id: int | None = None) -> str:
    """A campaign's address to pass on, with the bucket and, as a token, whose link it is.

    Each place that it is shared to adds its own channel, ``s``; nothing in it names anybody.
    """
    told = {"b": arriving.bucket(bucket)}
    if signature_id:
        told["r"] = tokens.issue(arriving.SHARE, signature_id)
    query = urlencode({name: value for name, value in told.items() if value})
    return f"{settings.base_url}/campaigns/{slug}{'?' if query else ''}{query}"


async def brought(signature_ids: list[int]) -> dict[int, int]:
    """How many confirmed signatures came by the links of these, under the same campaign; all of these are in it.

    Fewer than five are 0, and those that we do not count are in it: else a link that is sent to one person would
    tell whether they have signed, and one that a program uses, what we made of it.
    """
    rows = await database.fetch(
        """SELECT mine.id, count(*)::int AS total
           FROM signature mine JOIN signature s ON s.shared_by = mine.id AND s.campaign = mine.campaign
           WHERE mine.id = ANY($1) AND s.confirmed_at IS NOT NULL AND s.withdrawn_at IS NULL
           GROUP BY mine.id HAVING count(*) >= $2""",
        signature_ids,
        Tally.FEWEST_SHOWN,
    )
    return dict.fromkeys(signature_ids, 0) | {row["id"]: row["total"] for row in rows}
