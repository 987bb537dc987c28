"""Doing what a discounting owes: walking by the ids of signatures, in chunks of one commit each.

What a chunk changes, the totals, and how far it has gone commit together, so a worker that dies loses nothing and
counts nothing twice. What to change is sought before anything is locked, for it may be rare among millions, and is
looked at again under the lock.
"""

from dataclasses import dataclass
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, leases
from undersigned.kit.broker import job
from undersigned.signatures import announcing, discounting, uncounting
from undersigned.signatures.criteria import Criteria
from undersigned.staff import audit


@dataclass(frozen=True)
class Walk:
    """A discounting as it was read: where it stands, and which way it goes."""

    row: dict[str, Any]
    criteria: Criteria

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def undoes(self) -> bool:
        """Whether it goes over what it has changed before."""
        return bool(self.row["state"] == "reversing")

    @property
    def takes_out(self) -> bool:
        """Whether it takes out of the count; otherwise it puts back."""
        return self.undoes == self.criteria.puts_back

    @property
    def meant(self) -> tuple[str, list[object]]:
        """SQL for the signatures it is about that are not changed yet, and its values."""
        if self.undoes:
            standing = "NULL" if self.takes_out else "NOT NULL"
            return f"discounting = $1 AND discounted_at IS {standing}", [self.id]
        condition, values = self.criteria.conditions(3)
        return f"campaign = $1 AND id <= $2 AND {condition}", [self.row["campaign"], self.row["up_to"], *values]


@job(queue="discounting")
async def walk(discounting_id: int, lease: str) -> None:
    """Go on with a discounting that was lent to us, for a while."""
    if await leases.take("discounting", discounting_id, lease):
        await go_on(discounting_id)


OWED = leases.Owed("discounting", "state IN ('running', 'reversing')", walk.send)


async def go_on(discounting_id: int) -> None:
    """Chunk after chunk, until all is done, somebody has stopped it, or others wait for this worker."""
    await leases.go_on("discounting", discounting_id, _step)


async def _step(discounting_id: int) -> bool:
    """One chunk. False when there is no more for us to do: it has ended, or another worker has taken this step."""
    seen = await of(discounting_id)
    if seen is None or seen.row["state"] not in discounting.UNDER_WAY:
        return False
    ids = await _next(seen)
    async with database.transaction():
        campaign = await uncounting.lock_campaign(seen.row["campaign"])
        if not await _is_still(seen):
            return False
        if not ids:
            await _finish(seen)
            return False
        await _change(seen, campaign, ids)
    await announcing.tell_again(campaign.id)
    return True


async def of(discounting_id: int) -> Walk | None:
    """The discounting with this id, as it stands now."""
    row = await database.fetch_one("SELECT * FROM discounting WHERE id = $1", discounting_id)
    return Walk(row, Criteria.model_validate_json(row["criteria"])) if row else None


async def _next(seen: Walk) -> list[int]:
    condition, values = seen.meant
    rows = await database.fetch(
        f"SELECT id FROM signature WHERE {condition} AND id > ${len(values) + 1} ORDER BY id LIMIT {leases.CHUNK}",  # noqa: S608
        *values,
        seen.row["last_id"],
    )
    return [row["id"] for row in rows]


async def _is_still(seen: Walk) -> bool:
    """Whether nobody has gone on with it or stopped it since it was read; if so, nobody can until we commit."""
    now = await database.fetch_one("SELECT state, last_id FROM discounting WHERE id = $1 FOR UPDATE", seen.id)
    return now is not None and all(seen.row[name] == now[name] for name in now)


async def _change(seen: Walk, campaign: Campaign, ids: list[int]) -> None:
    """Take out or put back those of ``ids`` that are still meant, and write down how far it has gone."""
    condition, values = seen.meant
    rows = await uncounting.lock(f"{condition} AND id = ANY(${len(values) + 1})", *values, ids)
    mark = None if seen.undoes else seen.id
    if seen.takes_out:
        why = seen.criteria.discounted_why or uncounting.BY_STAFF
        moved = await uncounting.take_out(campaign, rows, why, mark)
    else:
        moved = await uncounting.put_back(campaign, rows, mark)
    await _write_down(seen, ids[-1], len(rows), moved)


async def _write_down(seen: Walk, last_id: int, changed: int, moved: int) -> None:
    """How far it has gone; what it moved is about the way there, for on the way back others have come and gone."""
    forth = (0, 0, changed) if seen.undoes else (changed, moved, 0)
    await database.execute(
        """UPDATE discounting SET last_id = $2, done = done + $3, moved = moved + $4, returned = returned + $5,
               leased_until = now() + make_interval(secs => $6) WHERE id = $1""",
        seen.id,
        last_id,
        *forth,
        leases.AT_WORK_SECONDS,
    )


async def _finish(seen: Walk) -> None:
    """Write down that it has ended, for whoever started it."""
    row = await database.fetch(
        """UPDATE discounting SET state = $2, ended_at = now(), leased_until = NULL WHERE id = $1
           RETURNING staff_id, done, moved, returned""",
        seen.id,
        "reversed" if seen.undoes else "done",
    )
    staff_id = row[0].pop("staff_id")
    await audit.record("discounting ended", f"discounting {seen.id}", after=row[0], staff_id=staff_id)
