"""How closely a campaign looks at who signs: normally, or with its guard raised."""

from typing import Literal

from undersigned.kit import database
from undersigned.staff import audit

Guard = Literal["normal", "raised"]


async def turn(campaign_id: int, guard: Guard, staff_id: int) -> None:
    """Raise or lower the guard from the next second on; turning it to what it is changes nothing."""
    async with database.transaction():
        row = await database.fetch_one(
            "UPDATE campaign SET guard = $2, updated_at = now() WHERE id = $1 AND guard <> $2 RETURNING slug",
            campaign_id,
            guard,
        )
        if row:
            await audit.record(f"guard {guard}", f"campaign {row['slug']}", staff_id=staff_id)
