"""In which order endorsements stand: some pinned to the top, and each half as the desk has put it."""

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.staff import audit

ORDER = "pinned DESC, position, id"
WAYS = ("up", "down", "first", "last", "pin", "unpin")


class NoSuchWay(Refused):
    """Not a way in which something can be moved."""


async def lock(campaign_id: int) -> None:
    """One at a time changes the order of a campaign; call it in the transaction that does."""
    await database.fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"endorsements {campaign_id}")


async def move(campaign: Campaign, endorsement_id: int, way: str, staff_id: int) -> None:
    """Move one that is shown, one of WAYS; at the end of its half it stays there. Raises Missing or NoSuchWay."""
    if way not in WAYS:
        raise NoSuchWay("Choose where to move it.")
    async with database.transaction():
        await lock(campaign.id)
        if way in {"pin", "unpin"}:
            await database.execute(
                "UPDATE endorsement SET pinned = $2 WHERE id = $1 AND campaign = $3 AND state = 'shown'",
                endorsement_id,
                way == "pin",
                campaign.id,
            )
        half = await _half_of(campaign.id, endorsement_id)
        await _renumber(_moved(half, endorsement_id, way))
        await audit.record(
            "endorsement moved",
            f"campaign {campaign.slug}",
            after={"endorsement": endorsement_id, "way": way},
            staff_id=staff_id,
        )


async def _half_of(campaign_id: int, endorsement_id: int) -> list[int]:
    """Those that are pinned as this one is, or are not as it is not, on the same page in their order."""
    rows = await database.fetch(
        """SELECT e.id FROM endorsement e JOIN endorsement one ON one.id = $2 AND one.campaign = e.campaign
             AND one.chapter IS NOT DISTINCT FROM e.chapter AND one.pinned = e.pinned AND one.state = 'shown'
           WHERE e.campaign = $1 AND e.state = 'shown' ORDER BY e.position, e.id""",
        campaign_id,
        endorsement_id,
    )
    if not rows:
        raise Missing("This endorsement is not shown any more.")
    return [row["id"] for row in rows]


def _moved(half: list[int], one: int, way: str) -> list[int]:
    """What was just pinned stands last of the pinned; what was let go, first of the others."""
    at = half.index(one)
    others = [other for other in half if other != one]
    to = {"up": at - 1, "down": at + 1, "first": 0, "unpin": 0}.get(way, len(others))
    to = min(max(to, 0), len(others))
    return [*others[:to], one, *others[to:]]


async def _renumber(ids: list[int]) -> None:
    await database.execute(
        """UPDATE endorsement SET position = given.place
           FROM unnest($1::int[]) WITH ORDINALITY AS given (id, place)
           WHERE endorsement.id = given.id AND position <> given.place""",
        ids,
    )
