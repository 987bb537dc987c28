"""Letters that wait their turn, and time that passes for them."""

from datetime import timedelta
from typing import Any

import make
import work
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.representatives.tables import Representative


async def waiting(campaign: Campaign, many: int, to: Representative | None = None, **told: Any) -> list[int]:
    """So many confirmed letters of a campaign to one reader, all but the first written as copies of it."""
    where = {"representative": to} if to else {}
    first = await make.letter(campaign=campaign, **({"state": "ready", "sent_at": None} | where | told))
    rows = await db.fetch(
        """INSERT INTO letter (campaign, template, template_version, name, email, email_key, address, postcode,
               constituency, representative, membership, subject, paragraphs, own_share, own_words, reply_to,
               channel, language, shows_qr, state, reason, message_id, wording, attempts, created_at, confirmed_at,
               due_at, answers, kept_blocks, block_order, edits, sure, likeness)
           SELECT campaign, template, template_version, 'Writer ' || n, 'w' || n || '@example.org',
               'w' || n || '@example.org', address, postcode, constituency, representative, membership, subject,
               paragraphs, own_share, own_words, reply_to, channel, language, shows_qr, state, reason,
               '<' || gen_random_uuid() || '@test.example.org>', wording, 0, created_at, confirmed_at,
               due_at + n * interval '1 microsecond', answers, kept_blocks, block_order, edits, sure, likeness
           FROM letter, generate_series(2, $2) AS n WHERE id = $1 RETURNING id""",
        first.id,
        many,
    )
    return [first.id, *(row["id"] for row in rows)]


async def passes(time: timedelta) -> None:
    """So much time, for the letters: everything on record was so much earlier."""
    await db.execute("UPDATE delivery SET started_at = started_at - $1::interval", time)
    await db.execute("UPDATE letter SET due_at = due_at - $1::interval, sent_at = sent_at - $1::interval", time)


async def sent() -> list[int]:
    """The letters that have left, in the order in which they did."""
    rows = await db.fetch("SELECT letter FROM delivery WHERE outcome = 'accepted' ORDER BY id")
    return [row["letter"] for row in rows]


async def goes_on(minutes: float, every: float = 1) -> list[int]:
    """Let so many minutes pass, a look at the queue each; what has left since the beginning."""
    await work.settle()
    for _ in range(int(minutes / every)):
        await passes(timedelta(minutes=every))
        await work.settle()
    return await sent()
