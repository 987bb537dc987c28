"""Where a representative stands on a campaign: what staff know, how they know it, and what was so before."""

from datetime import UTC, datetime
from typing import Final

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.letters.tables import Stance
from undersigned.representatives import corrections
from undersigned.representatives.tables import Membership, Representative
from undersigned.staff import audit

UNKNOWN: Final = "unknown"
ON_AN_ASK: Final = {
    "supports": "Supports it",
    "opposes": "Opposes it",
    "undecided": "Undecided",
    "no_answer": "Did not answer",
}
ON_A_PLEDGE: Final = {
    "committed": "Has made the pledge",
    "refused": "Will not make the pledge",
    "went_back": "Went back on the pledge",
    **ON_AN_ASK,
}
WORDS: Final = ON_A_PLEDGE
FOR, AGAINST = ("supports", "committed"), ("opposes", "refused", "went_back")
LONGEST_SOURCE = 500


class NotAStance(Refused):
    """What was said is no stance, or nobody says how they know."""


def positions(campaign: Campaign) -> dict[str, str]:
    """What can be said of a representative here, and how it is worded."""
    return ON_A_PLEDGE if campaign.kind == "pledge" else ON_AN_ASK


async def record(
    campaign: Campaign, which: str, position: str, source: str = "", staff_id: int | None = None
) -> Representative:
    """As :func:`note`, of whoever sits under ``which``: a GSS code, or the name of a constituency or a member.

    Raises NotAStance or NotOneMember. Letters say agrees for what is supports here, so that is understood too.
    """
    position = "supports" if position == "agrees" else position
    membership = await corrections.find(which)
    member = await membership.get_related(Membership.representative)
    assert member is not None
    async with database.transaction():
        await note(campaign, member, position, source, staff_id)
    return member


async def note(
    campaign: Campaign, member: Representative, position: str, source: str, staff_id: int | None = None
) -> int | None:
    """Note where a member stands, and answer the row's id; unknown ends what was noted. Raises NotAStance.

    ``source`` says how we know. Letters written from now on have the words for it. Call it in a transaction.
    """
    _check(campaign, position, source)
    await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"stance {member.id}")
    before = await _end(campaign, member)
    if position == "went_back" and not await _was_committed(campaign, member):
        raise NotAStance("Only who has made a pledge can go back on it. Note first when and where they made it.")
    made, after = None, None
    if position != UNKNOWN:
        made = Stance(campaign=campaign.id, representative=member.id, position=position)
        made.source, made.staff_id, made.recorded_at = source.strip()[:LONGEST_SOURCE], staff_id, datetime.now(UTC)
        await made.save()
        after = {"position": position, "source": made.source}
    await audit.record("stance recorded", f"{campaign.slug} {member.display_name}", before, after, staff_id)
    return made.id if made else None


def _check(campaign: Campaign, position: str, source: str) -> None:
    if position not in (*positions(campaign), UNKNOWN):
        raise NotAStance(f"A stance here is one of {', '.join((*positions(campaign), UNKNOWN))}.")
    if position != UNKNOWN and not source.strip():
        raise NotAStance("Say how you know: a link, a speech with its date, a letter of theirs.")


async def _end(campaign: Campaign, member: Representative) -> dict[str, object] | None:
    rows = await database.fetch(
        """UPDATE stance SET ended_at = now() WHERE campaign = $1 AND representative = $2 AND ended_at IS NULL
           RETURNING position, source""",
        campaign.id,
        member.id,
    )
    return rows[0] if rows else None


async def _was_committed(campaign: Campaign, member: Representative) -> bool:
    return await Stance.exists().where(
        Stance.campaign == campaign.id, Stance.representative == member.id, Stance.position == "committed"
    )
