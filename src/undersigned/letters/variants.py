"""Which words a reader gets: by what they think of the campaign, their seat, and how they are reached."""

from undersigned.letters import stances
from undersigned.letters.front_matter import VARIANTS
from undersigned.letters.tables import Stance
from undersigned.representatives.seats import Seat
from undersigned.representatives.tables import Representative


async def of(campaign_id: int, seat: Seat) -> tuple[str, ...]:
    """The variants that fit this reader, the weightiest first."""
    if seat.mp is None:
        return ()
    fitting = _by_seat(seat.mp) | {await stance(campaign_id, seat.mp.id)}
    if seat.mp.contact != "email":
        fitting.add("post")
    return tuple(variant for variant in VARIANTS if variant in fitting)


def _by_seat(mp: Representative) -> set[str]:
    """Whoever does not vote is not asked to, and two kinds of them can be told why."""
    found = set()
    if mp.is_speaker:
        found.add("speaker")
    if mp.abstains:
        found.add("abstains")
    if found or not mp.takes_part_in_votes:
        found.add("no_votes")
    return found


async def stance(campaign_id: int, representative_id: int) -> str:
    """agrees or opposes, as letters call it, or nothing when they have said neither or we do not know."""
    found = (
        await Stance.select(Stance.position)
        .where(
            Stance.campaign == campaign_id,
            Stance.representative == representative_id,
            Stance.ended_at.is_null(),
        )
        .first()
    )
    position = found["position"] if found else ""
    return "agrees" if position in stances.FOR else "opposes" if position in stances.AGAINST else ""
