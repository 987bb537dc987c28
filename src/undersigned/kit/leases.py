"""Rows that are owed work, lent to one worker at a time.

A table of owed work has ``lease`` and ``leased_until``. The relay lends due rows to the queue; the worker
that takes one exchanges the lease for its own, so a message delivered twice finds nothing to take; what a
crash or a flushed Redis left behind becomes due again by itself when its lease runs out.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import redis

from undersigned.kit import database

IN_QUEUE_SECONDS = 20
AT_WORK_SECONDS = 75
MOST_LENT = 1_000
CHUNK = 500
"""How many rows one step of a long walk changes in its one commit."""
STRETCH = 20.0
"""Seconds that a worker walks on before others have their turn; the relay lends out the rest at once."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Owed:
    """One table's owed work: which rows are ``due`` (SQL over its columns), and who is told.

    At most ``most`` of them are lent at a time, and only those that ``in_turn`` (SQL too, asked for anew each
    time) lets go now. Somebody is told once for every ``bunch`` of them, where those who work take whatever was
    lent together.

    All of it is written in our source, never taken from a person.
    """

    table: str
    due: str
    remind: Callable[[int, str], Any]
    most: int = MOST_LENT
    in_turn: Callable[[], str] = lambda: "true"
    bunch: int = 1


async def relay(owed: Owed) -> int:
    """Lend what is due to the queue and say how many rows that was. Redis being away costs nothing."""
    lease = str(uuid4())
    row_ids = await _lend(owed, lease)
    for done, row_id in list(enumerate(row_ids))[:: owed.bunch]:
        try:
            owed.remind(row_id, lease)
        except redis.RedisError:
            log.warning("Redis is away; %s rows of %s wait.", len(row_ids) - done, owed.table)
            await _take_back(owed.table, row_ids[done:], lease)
            return done
    return len(row_ids)


async def _lend(owed: Owed, lease: str) -> list[int]:
    rows = await database.fetch(
        f"""
        UPDATE {owed.table} SET lease = $1, leased_until = now() + make_interval(secs => $2)
        WHERE id IN (
            SELECT id FROM {owed.table} WHERE ({owed.due}) AND (leased_until IS NULL OR leased_until < now())
                AND ({owed.in_turn()})
            ORDER BY id
            LIMIT greatest(0, {owed.most} - (
                SELECT count(*) FROM {owed.table} WHERE ({owed.due}) AND leased_until >= now()))
            FOR UPDATE SKIP LOCKED)
        RETURNING id
        """,  # noqa: S608 - the table and the condition are ours.
        lease,
        IN_QUEUE_SECONDS,
    )
    return sorted(row["id"] for row in rows)


async def _take_back(table: str, row_ids: list[int], lease: str) -> None:
    await database.execute(
        f"UPDATE {table} SET leased_until = NULL WHERE id = ANY($1) AND lease = $2",  # noqa: S608
        row_ids,
        lease,
    )


async def take(table: str, row_id: int, lease: str) -> bool:
    """Begin work on a row that was lent under ``lease``; False when somebody else has it or it is done."""
    return (
        await database.execute(
            f"""UPDATE {table} SET lease = $3, leased_until = now() + make_interval(secs => $4)
            WHERE id = $1 AND lease = $2 AND leased_until >= now()""",  # noqa: S608
            row_id,
            lease,
            str(uuid4()),
            AT_WORK_SECONDS,
        )
        == 1
    )


async def go_on(table: str, row_id: int, step: Callable[[int], Awaitable[bool]]) -> None:
    """Step after step of work that is ours, until there is no more of it or others wait for this worker."""
    until = time.monotonic() + STRETCH
    while await step(row_id):
        if time.monotonic() > until:
            await database.execute(f"UPDATE {table} SET leased_until = NULL WHERE id = $1", row_id)  # noqa: S608
            return
