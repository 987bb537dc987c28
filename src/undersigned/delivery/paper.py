"""Letters on paper: printed in batches, noted as gone one, a batch or a scan at a time, and taken back."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from undersigned.delivery import holding
from undersigned.kit import database
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Missing, Refused
from undersigned.letters import bundling, states
from undersigned.letters.tables import Bundle
from undersigned.staff import audit

WAITS: Final = f"""l.channel = 'post' AND l.confirmed_at IS NOT NULL
    AND (l.state = 'ready' OR l.state = 'held' AND l.reason = '{states.BY_POST}')"""
TAKEN_BACK_WITHIN: Final = "7 days"


class NotOurs(Refused):
    """What was scanned is not the mark of a letter."""


class NotWaiting(Refused):
    """The letter is not one that waits to go on paper."""


class TooLate(Refused):
    """What was noted some time ago stays."""


@dataclass(frozen=True)
class Scanned:
    """A letter that was scanned; ``again`` when it had been noted as gone before."""

    letter: int
    writer: str
    mp: str
    again: bool


async def batch(campaign_id: int, rows: list[dict[str, Any]], staff_id: int | None = None) -> list[int]:
    """Remember what was printed together, a batch for each reader; a letter is in that of its last printing."""
    made = []
    for reader, letters in groupby(rows, key=lambda row: row["reader"]):
        async with database.transaction():
            now = datetime.now(UTC)
            row = Bundle(
                campaign=campaign_id,
                representative=reader,
                kind="paper",
                day=now.astimezone(LONDON).date(),
                staff_id=staff_id,
                created_at=now,
                due_at=now,
            )
            await row.save()
            await database.execute(
                "UPDATE letter SET bundle = $1 WHERE id = ANY($2)", row.id, [letter["id"] for letter in letters]
            )
            made.append(int(row.id))
    return made


async def batches(campaign_id: int) -> list[dict[str, Any]]:
    """What was printed and has not all gone, the newest first, with how many of its letters wait."""
    return await database.fetch(
        f"""SELECT b.id, b.created_at, r.display_name AS mp, count(*) AS waits
            FROM bundle b JOIN letter l ON l.bundle = b.id JOIN representative r ON r.id = b.representative
            WHERE b.campaign = $1 AND b.kind = 'paper' AND {WAITS}
            GROUP BY b.id, r.display_name ORDER BY b.id DESC""",  # noqa: S608 - our own condition.
        campaign_id,
    )


async def batch_of(campaign_id: int, batch_id: int) -> dict[str, Any]:
    """One batch, with the ids of its letters that wait. Raises Missing."""
    row = await database.fetch_one(
        f"""SELECT b.id, b.created_at, r.display_name AS mp, r.id AS reader,
                array_agg(l.id ORDER BY l.id) FILTER (WHERE {WAITS}) AS letters, count(l.id) AS many
            FROM bundle b JOIN representative r ON r.id = b.representative LEFT JOIN letter l ON l.bundle = b.id
            WHERE b.campaign = $1 AND b.id = $2 AND b.kind = 'paper' GROUP BY b.id, r.id""",  # noqa: S608
        campaign_id,
        batch_id,
    )
    if row is None:
        raise Missing("There is no batch with that number in this campaign.")
    return row | {"letters": row["letters"] or []}


async def scan(text: str, by_hand: bool, staff_id: int) -> Scanned:
    """Note the letter of a mark, or of a number that was typed, as gone. Scanning it again changes nothing.

    Raises NotOurs or NotWaiting.
    """
    text = text.strip().removeprefix("#")
    letter_id = int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else bundling.marked(text)
    row = await database.fetch_one(_SCANNED, letter_id) if letter_id else None
    if row is None:
        raise NotOurs("That is not the square of a letter of ours. Try again, or type its number.")
    done = await holding.posted([row["id"]], staff_id, by_hand)
    if not done and not row["gone"]:
        raise NotWaiting(f"Letter {row['id']} does not wait to go on paper: {states.WORDS[row['state']].lower()}.")
    return Scanned(row["id"], row["name"], row["mp"], again=not done)


_SCANNED: Final = """
    SELECT l.id, l.name, l.state, r.display_name AS mp,
        EXISTS (SELECT FROM delivery d WHERE d.letter = l.id AND d.channel IN ('post', 'hand')
            AND d.outcome = 'accepted') AS gone
    FROM letter l JOIN representative r ON r.id = l.representative WHERE l.id = $1
"""


async def lately(staff_id: int, most: int = 8) -> tuple[int, list[dict[str, Any]]]:
    """How many letters a member of staff has noted as gone today in London, and the last of them."""
    rows = await database.fetch(_LATELY, str(staff_id), datetime.now(LONDON).date())
    return len(rows), rows[:most]


_LATELY: Final = """
    SELECT DISTINCT ON (a.id) l.id, l.name, r.display_name AS mp, d.channel, a.done_at
    FROM audit a JOIN letter l ON a.about = 'letter ' || l.id JOIN representative r ON r.id = l.representative
    JOIN delivery d ON d.letter = l.id AND d.channel IN ('post', 'hand') AND d.outcome = 'accepted'
    WHERE a.act IN ('held letter: posted', 'held letter: handed in') AND a.staff_id = $1 AND l.state = 'sent'
        AND a.done_at >= $2::date::timestamp AT TIME ZONE 'Europe/London'
    ORDER BY a.id DESC
"""


async def take_back(letter_id: int, staff_id: int) -> None:
    """It was noted as gone by mistake: it waits for paper again. Raises TooLate, also when it never was."""
    async with database.transaction():
        noted = await database.fetch_one(
            f"""UPDATE delivery SET outcome = 'postponed', answer = 'Noted as gone by mistake, and taken back.'
                WHERE id = (SELECT d.id FROM delivery d JOIN letter l ON l.id = d.letter
                    WHERE l.id = $1 AND l.state = 'sent' AND d.channel IN ('post', 'hand')
                        AND d.outcome = 'accepted' AND d.finished_at > now() - interval '{TAKEN_BACK_WITHIN}'
                    ORDER BY d.id DESC LIMIT 1 FOR UPDATE OF l)
                RETURNING letter""",  # noqa: S608 - our own interval.
            letter_id,
        )
        if noted is None:
            raise TooLate("This letter was not noted as gone in the last week, so nothing was changed.")
        await database.execute(
            "UPDATE letter SET state = 'held', reason = $2, sent_at = NULL WHERE id = $1",
            letter_id,
            states.BY_POST,
        )
        await audit.record("held letter: taken back", f"letter {letter_id}", staff_id=staff_id)
