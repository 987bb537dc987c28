"""Put a name to a campaign: the rule, the row, the mail we now owe.

Signing twice sends the link again and changes nothing else, so that the page never says who has already signed.
Whoever took their name off and signs again starts anew, with a new number, once they have confirmed; until then
they stay withdrawn, whoever it was that typed their address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, outbox
from undersigned.kit.batching import Batcher
from undersigned.kit.errors import Refused, Unavailable
from undersigned.postcodes import ladder
from undersigned.signatures import households, judging, storing
from undersigned.signatures.forms import SignForm
from undersigned.signatures.wishes import Visit, Wish
from undersigned.supporters import addresses, consents

RACES = 3


class CampaignClosed(Refused):
    """The campaign takes no names now."""


@dataclass
class Turn:
    """One wish on its way through a batch. It keeps what has become of it, for a batch that fails is tried again.

    ``is_taken`` is None until it is known.
    """

    wish: Wish
    is_judged: bool = False
    is_taken: bool | None = None


async def sign(
    campaign: Campaign, form: SignForm, chapter_id: int | None = None, visit: Visit | None = None
) -> None:
    """Put a name to ``campaign`` and owe its owner a confirmation; both are durable on return.

    ``campaign`` may be a second old: whether it is still open is asked again as the name is written. Raises
    CampaignClosed, or Unavailable when too many sign at once.
    """
    turn = Turn(await _wish(campaign, form, chapter_id, visit or Visit()))
    if not campaign.takes_names or not await _batches.put(turn):
        raise CampaignClosed(f"“{campaign.title}” is not taking signatures now.")


async def _wish(campaign: Campaign, form: SignForm, chapter_id: int | None, visit: Visit) -> Wish:
    return Wish(
        campaign_id=campaign.id,
        chapter_id=chapter_id,
        wording_id=await consents.wording_id(consents.to_sign(campaign)),
        form=form,
        email_key=addresses.key(form.email),
        name_key=addresses.name_key(form.name),
        postcode=str(form.postcode or ""),
        place=ladder.place(form.postcode or "", form.country),
        at=datetime.now(UTC),
        visit=visit,
        raised=campaign.guard == "raised",
    )


async def _write(turns: list[Turn]) -> list[bool]:
    """Write the batch; False for whoever came to a campaign that has closed since its page was read.

    Whoever lost a race reads again, and then knows whom the other has written.
    """
    await _judge([turn for turn in turns if not turn.is_judged])
    left = await _write_strangers(sorted(_undecided(turns), key=lambda turn: turn.wish.person))
    for _ in range(RACES):
        if not left:
            return [turn.is_taken is not False for turn in turns]
        closed = await storing.closed({turn.wish.campaign_id for turn in left})
        for turn in left:
            turn.is_taken = False if turn.wish.campaign_id in closed else None
        left = await _write_known(_undecided(left))
    if left:
        raise Unavailable("Too many people are signing at this moment.")
    return [turn.is_taken is not False for turn in turns]


async def _judge(turns: list[Turn]) -> None:
    """Once each: a wish that is judged again would take from its buckets again."""
    judged = await judging.judge([turn.wish for turn in turns])
    for turn, wish in zip(turns, judged, strict=True):
        turn.wish, turn.is_judged = wish, True


async def _write_strangers(turns: list[Turn]) -> list[Turn]:
    """Commit whoever signs from an address that nobody has signed from, and answer who is left over.

    All but always that is everybody; then this one statement is all that the batch costs.
    """
    written = await storing.insert([(turn.wish, 1) for turn in turns], strangers=True)
    return _take(turns, lambda wish: wish.person in written)


async def _write_known(turns: list[Turn]) -> list[Turn]:
    """Commit what those may write whose address has signed before, and answer who lost a race."""
    wishes = [turn.wish for turn in turns]
    plan = households.plan(wishes, await households.known(wishes))
    async with database.transaction():
        await storing.hold(plan.known)
        await storing.clear(plan.cleared)
        gone = await storing.drop(plan.gone)
        back, moves = await storing.take_back(plan.back)
        again = await storing.send_again(plan.again, households.MOST_MAILS)
        moves.update(gone)
        written = await storing.insert(plan.new, moves)
        await outbox.owe_all([*back, *again])
    lost = {wish.person for wish, _ in plan.new} - written
    return _take(turns, lambda wish: wish.person not in lost)


def _take(turns: list[Turn], is_in: Callable[[Wish], bool]) -> list[Turn]:
    """Note who is in now, and answer the others."""
    for turn in turns:
        turn.is_taken = True if is_in(turn.wish) else None
    return _undecided(turns)


def _undecided(turns: list[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.is_taken is None]


_batches = Batcher(_write)
drain = _batches.drain
