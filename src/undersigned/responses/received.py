"""What came back, for those who look: on one letter's page, and counted for a campaign."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from undersigned.kit import database
from undersigned.responses import attachments
from undersigned.responses.attachments import Listed
from undersigned.responses.tables import Response
from undersigned.responses.wording import KIND_WORDS


@dataclass(frozen=True)
class Received:
    """One thing that came back, as a page shows it; ``quoted`` is to be folded, ``files`` to be saved."""

    kind: str
    kind_words: str
    from_name: str
    at: datetime
    text: str
    quoted: str
    files: list[Listed] = field(default_factory=list)


async def of_letter(letter_id: int) -> list[Received]:
    """Everything that came back to one letter, oldest first."""
    rows = await Response.objects().where(Response.letter == letter_id).order_by(Response.received_at, Response.id)
    files = await attachments.of_responses([row.id for row in rows])
    return [
        Received(
            row.kind, KIND_WORDS[row.kind], row.from_name, row.received_at, row.text, row.quoted, files[row.id]
        )
        for row in rows
    ]


async def counts(campaign_id: int) -> dict[str, int]:
    """How many of each kind came back to a campaign's letters; kinds that never came are left out."""
    rows = await database.fetch(
        """SELECT r.kind, count(*) AS total FROM response r JOIN letter l ON l.id = r.letter
           WHERE l.campaign = $1 GROUP BY r.kind ORDER BY r.kind""",
        campaign_id,
    )
    return {row["kind"]: row["total"] for row in rows}


async def latest(campaign_id: int, most: int = 8) -> list[dict[str, Any]]:
    """The newest responses to a campaign's letters, each with the letter it answers.

    The words are left out where the writer wanted the answer for themselves alone.
    """
    return await database.fetch(
        """SELECT r.letter, r.kind, r.from_name, r.received_at, l.name AS writer,
                  CASE WHEN l.reply_to = 'tracked' THEN left(r.text, 240) ELSE '' END AS text
           FROM response r JOIN letter l ON l.id = r.letter
           WHERE l.campaign = $1 ORDER BY r.received_at DESC LIMIT $2""",
        campaign_id,
        most,
    )
