"""Somebody at the desk reads an endorsement, and it is shown, or refused with a reason that its sender is told.

What staff put in themselves has no address, and nobody to tell.
"""

from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.endorsements import endorsing, ordering, pictures
from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.settings import settings
from undersigned.staff import audit

SHOWN, REFUSED = "endorsement_shown", "endorsement_refused"


async def show(campaign: Campaign, endorsement_id: int, staff_id: int) -> None:
    """Show it, in the place of what the same person had there, else as the last. Raises Missing."""
    async with database.transaction():
        await ordering.lock(campaign.id)
        was = await _decide(campaign, endorsement_id, "shown", "", staff_id)
        if was["state"] != "shown":
            await _give_a_place(endorsement_id)
            await endorsing.forget_others(endorsement_id, ["confirmed", "shown", "refused"])
            if was["email"]:
                await owe(SHOWN, was["id"], was["email"])
    await pictures.clear_away()


async def refuse(campaign: Campaign, endorsement_id: int, reason: str, staff_id: int) -> None:
    """Do not show it, or no longer, and tell its sender why. Raises Missing."""
    async with database.transaction():
        await ordering.lock(campaign.id)
        was = await _decide(campaign, endorsement_id, "refused", reason, staff_id)
        if was["state"] != "refused" and was["email"]:
            await owe(REFUSED, was["id"], was["email"])


async def _decide(
    campaign: Campaign, endorsement_id: int, state: str, reason: str, staff_id: int
) -> dict[str, Any]:
    """Change the state of one that has been confirmed, and answer what it was; the audit holds no names."""
    was = await database.fetch_one(
        """SELECT id, state, email FROM endorsement WHERE id = $1 AND campaign = $2 AND state <> 'waiting'
           FOR UPDATE""",
        endorsement_id,
        campaign.id,
    )
    if was is None:
        raise Missing("This endorsement has been taken back.")
    await database.execute(
        """UPDATE endorsement SET state = $2, reason = $3, decided_at = now(),
               pinned = pinned AND state = $2::varchar WHERE id = $1""",
        endorsement_id,
        state,
        reason,
    )
    await audit.record(
        f"endorsement {state}",
        f"campaign {campaign.slug}",
        before={"endorsement": endorsement_id, "state": was["state"]},
        after={"endorsement": endorsement_id, "state": state},
        staff_id=staff_id,
    )
    return was


async def _give_a_place(endorsement_id: int) -> None:
    await database.execute(
        """UPDATE endorsement new SET pinned = coalesce(old.pinned, false), position = coalesce(old.position,
               (SELECT least(coalesce(max(position), 0) + 1, 32767) FROM endorsement x
                WHERE x.campaign = one.campaign AND x.chapter IS NOT DISTINCT FROM one.chapter
                  AND x.state = 'shown' AND x.id <> one.id))
           FROM endorsement one LEFT JOIN LATERAL (
               SELECT pinned, position FROM endorsement o WHERE o.campaign = one.campaign AND o.id <> one.id
                 AND o.chapter IS NOT DISTINCT FROM one.chapter AND o.kind = one.kind AND o.state = 'shown'
                 AND o.email_key = one.email_key AND o.email_key <> '' ORDER BY o.id DESC LIMIT 1) old ON true
           WHERE one.id = new.id AND new.id = $1""",
        endorsement_id,
    )


@composes(SHOWN)
async def write_shown(endorsement_id: int) -> Composed | None:
    """The e-mail that says where it stands, and how to take it back."""
    return await _write("endorsements/emails/endorsement_shown", endorsement_id, "shown")


@composes(REFUSED)
async def write_refused(endorsement_id: int) -> Composed | None:
    """The e-mail that says why it is not shown."""
    return await _write("endorsements/emails/endorsement_refused", endorsement_id, "refused")


async def _write(template: str, endorsement_id: int, state: str) -> Composed | None:
    """None when the desk has thought again since, or its owner has."""
    try:
        found = await endorsing.whole(endorsement_id)
    except Missing:
        return None
    if found.state != state:
        return None
    return Composed(
        template,
        {
            "campaign": found.campaign,
            "reason": found.reason,
            "wall_url": f"{settings.base_url}/campaigns/{found.campaign.slug}/endorsements"
            + (f"?in={found.chapter.slug}" if found.chapter else ""),
            "url": settings.base_url + endorsing.path_of(found.id),
        },
        only_to=found.email,
    )
