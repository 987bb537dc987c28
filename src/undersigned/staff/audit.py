"""Who did what, with what it was before and after."""

import json
from datetime import UTC, datetime
from typing import Any

from undersigned.kit import database
from undersigned.staff.tables import Audit

CLOCK = "clock"
"""Who did what nobody asked for: its time had come."""


async def record_reading(act: str, about: str, staff_id: int) -> None:
    """Write down, in a transaction of its own, that somebody at the desk has seen what shows another's opinion."""
    async with database.transaction():
        await record(act, about, staff_id=staff_id)


async def record(
    act: str,
    about: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    staff_id: int | str | None = None,
) -> None:
    """Write one act down, in the transaction that does it. Without ``staff_id`` it was the command line."""
    await Audit(
        act=act,
        about=about,
        before=json.dumps(before) if before else None,
        after=json.dumps(after) if after else None,
        staff_id=str(staff_id or "command"),
        done_at=datetime.now(UTC),
    ).save()
