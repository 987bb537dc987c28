"""Which words a reader gets: by what they think of the campaign, their seat, and how they are reached."""

import unicodedata

from undersigned.letters.front_matter import VARIANTS
from undersigned.letters.tables import Stance
from undersigned.representatives.seats import Seat
from undersigned.representatives.tables import Representative

ABSTENTIONIST_PARTIES = frozenset({"sinn fein"})
HOW_TO_POST = (
    "{mp} has no e-mail address that we know of, so this letter goes on paper. When it is confirmed you can print "
    "it. Fold it in three, put it in a DL envelope with a window, and post it to {mp}, House of Commons, London "
    "SW1A 0AA."
)
TAKES_NO_SEAT = (
    "{mp} was elected on a promise not to take the seat, and does not speak or vote in the House. Letters are "
    "read and answered, so this one asks for what an MP can do outside it."
)
IS_SPEAKER = (
    "{mp} is the Speaker, who takes no side and does not vote, but acts for constituents as any MP does. "
    "The letter asks for that."
)
DOES_NOT_VOTE = "{mp} does not take part in votes at present, so the letter does not ask for one."


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
    if is_speaker(mp):
        found.add("speaker")
    if abstains(mp):
        found.add("abstains")
    if found or not mp.takes_part_in_votes:
        found.add("no_votes")
    return found


def is_speaker(mp: Representative) -> bool:
    """Whether this is the Speaker, who leaves their party when they are chosen; a deputy does not."""
    return mp.party.casefold().strip() in {"speaker", "the speaker"}


def abstains(mp: Representative) -> bool:
    """Whether this member was elected so as not to take the seat."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", mp.party) if not unicodedata.combining(c))
    return plain.casefold().strip() in ABSTENTIONIST_PARTIES


async def stance(campaign_id: int, representative_id: int) -> str:
    """agrees or opposes, or nothing when we do not know."""
    found = (
        await Stance.select(Stance.position)
        .where(Stance.campaign == campaign_id, Stance.representative == representative_id)
        .first()
    )
    return str(found["position"]) if found else ""


def explained(seat: Seat) -> list[str]:
    """What the writer should know of whom the letter goes to, a sentence or two for each thing; often nothing."""
    if seat.mp is None or not seat.can_be_written_to:
        return [why_nobody(seat)]
    said = []
    if abstains(seat.mp):
        said.append(TAKES_NO_SEAT)
    elif is_speaker(seat.mp):
        said.append(IS_SPEAKER)
    elif not seat.mp.takes_part_in_votes:
        said.append(DOES_NOT_VOTE)
    if seat.mp.contact != "email":
        said.append(HOW_TO_POST)
    return [words.format(mp=seat.mp.named) for words in said]


def why_nobody(seat: Seat) -> str:
    """Why a seat has nobody who takes letters, and what happens next."""
    where = seat.constituency or "this place"
    if seat.kind == "vacant":
        return " ".join(f"Nobody sits for {where} now. {seat.note} You can write after the by-election.".split())
    if seat.kind == "dissolved":
        return f"Nobody sits for {where} at present. {seat.note or 'You can write when Parliament meets again.'}"
    if seat.kind == "none":
        return seat.note
    if seat.mp is not None:
        return f"The MP for {where} has asked not to be written to through this site."
    return "We do not know who speaks for this place."
