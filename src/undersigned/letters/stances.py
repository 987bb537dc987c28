"""Where a representative stands on a campaign: what staff know, and how they know it."""

from datetime import UTC, datetime

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.letters.tables import Stance
from undersigned.representatives import corrections
from undersigned.representatives.tables import Membership, Representative
from undersigned.staff import audit

POSITIONS = ("agrees", "opposes", "unknown")


class NotAStance(Refused):
    """What was said is no stance, or nobody says how they know."""


async def record(
    campaign: Campaign, which: str, position: str, source: str = "", staff_id: int | None = None
) -> Representative:
    """Note where a sitting member stands; unknown takes the note away. Raises NotAStance or NotOneMember.

    ``which`` is a GSS code, the name of a constituency or a member's name; ``source`` says how we know. Letters
    that are written from now on have the words for it.
    """
    if position not in POSITIONS:
        raise NotAStance(f"A stance is one of {', '.join(POSITIONS)}.")
    if position != "unknown" and not source.strip():
        raise NotAStance("Say how you know: a link, a speech with its date, a letter of theirs.")
    member = await _member(which)
    async with database.transaction():
        gone = await database.fetch(
            "DELETE FROM stance WHERE campaign = $1 AND representative = $2 RETURNING position, source",
            campaign.id,
            member.id,
        )
        after = None
        if position != "unknown":
            stance = Stance(campaign=campaign.id, representative=member.id, position=position)
            stance.source = source.strip()[:500]
            stance.staff_id, stance.recorded_at = staff_id, datetime.now(UTC)
            await stance.save()
            after = {"position": position, "source": stance.source}
        about = f"{campaign.slug} {member.display_name}"
        await audit.record("stance recorded", about, gone[0] if gone else None, after, staff_id)
    return member


async def _member(which: str) -> Representative:
    membership = await corrections.find(which)
    member = await membership.get_related(Membership.representative)
    assert member is not None
    return member
