"""Counting every signature again from the rows, beside the totals that we keep; and setting those right.

Names and totals move together in one commit, so a single statement, which sees one moment, finds them equal
however many people sign meanwhile. For the same reason what differs stays the same while people sign: mending
moves each total by so much, and neither waits for anybody nor makes anybody wait.
"""

import json
import logging
from collections import Counter
from datetime import date, datetime, time
from typing import Any, Final

import redis

from undersigned.kit import database
from undersigned.kit.broker import job
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Missing
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.settings import settings
from undersigned.signatures import announcing, comparing, counting
from undersigned.signatures.comparing import Counted, Drift
from undersigned.staff import audit, operator

AT: Final = time(3, 40)
LOCK: Final = 7_041_978
"""One count at a time, wherever it was asked for: each reads every row of a campaign."""
log = logging.getLogger(__name__)


async def due(since: datetime | None = None) -> list[int]:
    """The campaigns that people sign; with ``since``, those that stood then and were not counted again since."""
    rows = await database.fetch(
        """SELECT id FROM campaign WHERE kind <> 'action' AND ($1::timestamptz IS NULL OR created_at < $1 AND
               NOT EXISTS (SELECT FROM recount WHERE recount.campaign = campaign.id AND counted_at >= $1))
           ORDER BY id""",
        since,
    )
    return [row["id"] for row in rows]


async def named(slug: str) -> int:
    """The campaign with this slug, whatever its state. Raises Missing."""
    row = await database.fetch_one("SELECT id FROM campaign WHERE slug = $1", slug)
    if row is None:
        raise Missing(f"There is no campaign called {slug[:80]}.")
    return int(row["id"])


async def recount(campaign_id: int) -> Counted:
    """Count every signature of a campaign again, and write down what differs."""
    async with database.transaction():
        await database.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        return await _recount(campaign_id)


async def mend(campaign_id: int, staff_id: int | None = None) -> Counted:
    """Count again, and move every total that differs to what the rows say. Twice is once."""
    async with database.transaction():
        await database.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        found = await _recount(campaign_id, mends=True)
        if found.drift:
            await _set_right(campaign_id, found.drift)
            await _write_down(found, staff_id)
    await announcing.tell_again(campaign_id)
    return found


async def latest(campaign_id: int) -> dict[str, Any] | None:
    """The newest recount of a campaign: ``counted_at``, ``drift`` and ``mended_at``; None before the first."""
    row = await database.fetch_one(
        """SELECT counted_at, drift, mended_at FROM recount WHERE campaign = $1
           ORDER BY counted_at DESC, id DESC LIMIT 1""",
        campaign_id,
    )
    return row and row | {"drift": json.loads(row["drift"])}


async def remind() -> bool:
    """Tell the worker when campaigns wait for the count of this night; answers whether any do."""
    now = datetime.now(LONDON)
    if now < _begins(now.date()) or not await due(_begins(now.date())):
        return False
    try:
        recount_totals.send(now.date().isoformat())
    except redis.RedisError:
        log.warning("Redis is away; the nightly recount waits.")
    return True


@job(queue="recounts")
async def recount_totals(night: str) -> None:
    """Count one campaign after the other; stops when another worker does."""
    while await _next(_begins(date.fromisoformat(night))):
        pass


async def _next(since: datetime) -> bool:
    """Count the next campaign of the night. False when there is none, or somebody else is counting."""
    async with database.transaction():
        free = await database.fetch_one("SELECT pg_try_advisory_xact_lock($1) AS ours", LOCK)
        waiting = await due(since) if free and free["ours"] else []
        if waiting:
            await _recount(waiting[0])
        return bool(waiting)


def _begins(night: date) -> datetime:
    return datetime.combine(night, AT, LONDON)


async def _recount(campaign_id: int, mends: bool = False) -> Counted:
    """Count, and keep what was found. Whoever counts the last campaign of a night owes the operator its mail."""
    now = datetime.now(LONDON)
    was_due = campaign_id in await due(_begins(now.date()))
    found = await comparing.compare(campaign_id)
    await database.execute(
        """INSERT INTO recount (campaign, counted_at, drift, mended_at) VALUES ($1, $2, $3, $4)""",
        campaign_id,
        now,
        json.dumps(found.drift),
        now if mends and found.drift else None,
    )
    if was_due and not await due(_begins(now.date())) and await _differing(now.date()):
        await owe("totals_differ", now.toordinal(), await operator.address())
    return found


async def _set_right(campaign_id: int, drift: Drift) -> None:
    """Move every total by what it lacks, the campaign's own first, as everybody does who moves one."""
    steps = {(row["kind"], row["key"]): row["counted"] - row["held"] for row in drift}
    await database.execute(
        """UPDATE campaign SET signature_count = signature_count + $2, last_number = greatest(last_number, $3)
           WHERE id = $1""",
        campaign_id,
        steps.pop(("count", ""), 0),
        max((row["counted"] for row in drift if row["kind"] == "last number"), default=0),
    )
    steps.pop(("last number", ""), None)
    for kind, key in sorted(steps):
        if kind == "chapter count":
            step = steps.pop((kind, key))
            await database.execute(
                "UPDATE chapter SET signature_count = signature_count + $2 WHERE id = $1", int(key), step
            )
    await counting.add(Counter({(campaign_id, kind, key): step for (kind, key), step in steps.items()}))


async def _write_down(found: Counted, staff_id: int | None) -> None:
    held = next((row["held"] for row in found.drift if row["kind"] == "count"), found.total)
    await audit.record(
        "totals mended",
        f"campaign {found.slug}",
        {"signatures": held},
        {"signatures": found.total, "totals": len(found.drift)},
        staff_id,
    )


async def _differing(night: date) -> list[dict[str, Any]]:
    """The campaigns that a night found differing, if nobody has mended or counted them again since."""
    return await database.fetch(
        """SELECT campaign.slug, campaign.title, jsonb_array_length(drift) AS totals
           FROM campaign JOIN LATERAL (
               SELECT drift, mended_at FROM recount WHERE recount.campaign = campaign.id AND counted_at >= $1
               ORDER BY counted_at DESC, recount.id DESC LIMIT 1) AS newest ON drift <> '[]' AND mended_at IS NULL
           ORDER BY campaign.id""",
        _begins(night),
    )


@composes("totals_differ")
async def write_totals_differ(night: int) -> Composed | None:
    """The e-mail to the operator: which campaigns differ, and how to set them right."""
    differing = await _differing(date.fromordinal(night))
    if not differing:
        return None
    return Composed(
        "signatures/emails/totals_differ", {"campaigns": differing, "desk": settings.base_url + "/staff"}
    )
