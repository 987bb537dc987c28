"""The list of members, looked at every night: small changes are applied, large ones wait for staff."""

import json
import logging
import random
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import redis

from undersigned.kit import database
from undersigned.kit.broker import job
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Refused, Unavailable
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.representatives import loading, sources
from undersigned.representatives.lists import Line
from undersigned.representatives.review import Review
from undersigned.representatives.tables import Refresh
from undersigned.settings import settings
from undersigned.staff import audit

AT: Final = time(3, 10)
SMALL_UNSEATED: Final = 3
# Every installation in the country would otherwise ask Parliament in the same second.
JITTER: Final = timedelta(minutes=random.uniform(0, 40))  # noqa: S311 - nothing secret.
log = logging.getLogger(__name__)


class NothingWaits(Refused):
    """No list is waiting for staff."""


async def remind() -> bool:
    """Tell the worker once a night, if MEMBERS_URL is set and nobody has looked yet; answers whether it did."""
    now = datetime.now(LONDON)
    due = datetime.combine(now.date(), AT, LONDON) + JITTER
    if not settings.members_url or now < due or await Refresh.exists().where(Refresh.day == now.date()):
        return False
    try:
        refresh_members.send(now.date().isoformat())
    except redis.RedisError:
        log.warning("Redis is away; the list of members waits.")
    return True


@job(queue="members")
async def refresh_members(day: str) -> None:
    """Look at the list once for that day; a night that fails is left to the next."""
    await refresh(date.fromisoformat(day))


async def refresh(day: date) -> str:
    """Fetch, compare, and apply or keep for staff; answers the outcome, “” when this day has been done."""
    mine = await database.fetch_one(
        """INSERT INTO refresh (day, source, tried_at, outcome, answer) VALUES ($1, $2, now(), 'trying', '')
           ON CONFLICT (day) DO NOTHING RETURNING id""",
        day,
        settings.members_url,
    )
    if mine is None:
        return ""
    try:
        lines = await sources.read(settings.members_url)
        return await _settle(mine["id"], lines)
    except (Refused, Unavailable) as why:
        await _end(mine["id"], "failed", str(why))
        log.warning("The list of members could not be refreshed: %s", type(why).__name__)
        return "failed"


async def waiting() -> Refresh | None:
    """The newest list that waits for staff."""
    return (
        await Refresh.objects().where(Refresh.outcome == "waiting").order_by(Refresh.id, ascending=False).first()
    )


async def apply_waiting(staff_id: int | None = None) -> Review:
    """Apply the list that waits, as it was fetched, however many it unseats. Raises NothingWaits."""
    async with database.transaction():
        held = await _held()
        review = await loading.store_within(_lines(held.lines), force=True)
        await _end(held.id, "applied", "")
        await audit.record("members applied", f"refresh {held.id}", staff_id=staff_id)
    return review


async def drop_waiting(staff_id: int | None = None) -> None:
    """Do not apply the list that waits. Raises NothingWaits."""
    async with database.transaction():
        held = await _held()
        await _end(held.id, "dropped", "")
        await audit.record("members dropped", f"refresh {held.id}", staff_id=staff_id)


def review_of(held: Refresh) -> Review:
    """The review of a list that waits."""
    return Review(**json.loads(held.review or "{}"))


async def _settle(refresh_id: int, lines: list[Line]) -> str:
    review = await loading.look_over(lines)
    if review.is_small and review.unseated <= SMALL_UNSEATED:
        review = await loading.store(lines)
        sources.forget()
        outcome = "applied" if review.groups else "unchanged"
        await _end(refresh_id, outcome, "", review)
        return outcome
    async with database.transaction():
        await _end(refresh_id, "waiting", "", review, lines)
        await database.execute(
            "UPDATE refresh SET outcome = 'dropped', lines = NULL WHERE outcome = 'waiting' AND id <> $1",
            refresh_id,
        )
        for owner in await database.fetch("SELECT email FROM staff WHERE role = 'owner' AND disabled_at IS NULL"):
            await owe("members_waiting", refresh_id, owner["email"])
    sources.forget()
    return "waiting"


async def _held() -> Refresh:
    held = await waiting()
    if held is None:
        raise NothingWaits("No list of members is waiting.")
    return held


async def _end(
    refresh_id: int, outcome: str, answer: str, review: Review | None = None, lines: list[Line] | None = None
) -> None:
    await database.execute(
        """UPDATE refresh SET outcome = $2, answer = $3, review = coalesce($4, review), lines = $5
           WHERE id = $1""",
        refresh_id,
        outcome,
        answer[:500],
        json.dumps(review.as_json()) if review else None,
        json.dumps([_plain(line) for line in lines]) if lines else None,
    )


def _plain(line: Line) -> dict[str, Any]:
    return asdict(line) | {"started_on": line.started_on.isoformat() if line.started_on else None}


def _lines(stored: str | None) -> list[Line]:
    return [
        Line(**told | {"started_on": date.fromisoformat(told["started_on"]) if told["started_on"] else None})
        for told in json.loads(stored or "[]")
    ]


@composes("members_waiting")
async def write_members_waiting(refresh_id: int) -> Composed | None:
    """The e-mail to owners: a list waits, and what it would change."""
    held = await Refresh.objects().where(Refresh.id == refresh_id).first()
    if held is None or held.outcome != "waiting":
        return None
    return Composed(
        "representatives/emails/waiting",
        {"groups": review_of(held).groups, "found_on": held.tried_at.astimezone(UTC)},
    )
