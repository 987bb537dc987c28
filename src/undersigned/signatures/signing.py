"""Put a name to a campaign: the rule, the row, the mail we now owe.

One e-mail address may carry two people when their names differ and their postcodes match (a household), not
three. Signing twice sends the link again and changes nothing else, so that the page never says who has
already signed. Whoever took their name off and signs again starts anew, with a new number, once they have
confirmed; until then they stay withdrawn, whoever it was that typed their address.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, outbox
from undersigned.kit.batching import Batcher
from undersigned.kit.errors import Refused, Unavailable
from undersigned.postcodes import ladder
from undersigned.signatures import judging, storing
from undersigned.signatures.forms import SignForm
from undersigned.signatures.wishes import Visit, Wish
from undersigned.supporters import addresses, consents

MOST_MAILS = 5
HOUSEHOLD = 2
GIVES_WAY = timedelta(hours=24)
"""A name that nobody has confirmed for so long gives way to another: perhaps it was a stranger who typed it."""
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


@dataclass
class Plan:
    """What one batch will write.

    ``cleared`` are signatures whose owner has now signed without a fault, ``gone`` those that give way.
    """

    new: list[tuple[Wish, int]] = field(default_factory=list)
    back: list[tuple[Wish, int]] = field(default_factory=list)
    again: list[dict[str, Any]] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    @property
    def known(self) -> list[int]:
        """The signatures that are there already."""
        return sorted(
            {*(one for _, one in self.back), *(row["id"] for row in self.again), *self.cleared, *self.gone}
        )


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
    plan = _plan(wishes, await _known(wishes))
    async with database.transaction():
        await storing.hold(plan.known)
        await storing.clear(plan.cleared)
        gone = await storing.drop(plan.gone)
        back, moves = await storing.take_back(plan.back)
        again = await storing.send_again(plan.again, MOST_MAILS)
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


async def _known(wishes: list[Wish]) -> dict[tuple[int, str], list[dict[str, Any]]]:
    rows = await database.fetch(
        """SELECT s.id, s.campaign, s.email, s.email_key, s.name_key, s.postcode, s.slot, s.confirmed_at,
                  s.withdrawn_at, s.signed_again_at, s.mails, s.discounted_why, s.created_at
           FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::text[])) AS wanted (campaign, email_key)
           JOIN signature s ON s.campaign = wanted.campaign AND s.email_key = wanted.email_key
           ORDER BY s.slot""",
        [wish.campaign_id for wish in wishes],
        [wish.email_key for wish in wishes],
    )
    known: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        known.setdefault((row["campaign"], row["email_key"]), []).append(row)
    return known


def _plan(wishes: list[Wish], known: dict[tuple[int, str], list[dict[str, Any]]]) -> Plan:
    plan = Plan()
    for wish in wishes:
        household = known.setdefault((wish.campaign_id, wish.email_key), [])
        same = next((one for one in household if one["name_key"] == wish.name_key), None)
        if same is None:
            plan.gone += _give_way(household, wish)
        if same is None and _may_join(household, wish.postcode):
            slot = min({1, 2} - {one["slot"] for one in household})
            plan.new.append((wish, slot))
            household.append({"name_key": wish.name_key, "postcode": wish.postcode, "id": None, "slot": slot})
        elif same and same["id"] and _is_off(same):
            plan.back.append((wish, same["id"]))
            same |= {"signed_again_at": wish.at, "mails": 1}
        else:
            _plan_again(plan, same or _standing(household))
            if same and same["id"] and same["discounted_why"] in judging.WHY and not wish.why:
                plan.cleared.append(same["id"])
    return plan


def _plan_again(plan: Plan, known: dict[str, Any] | None) -> None:
    if known and known["id"] and known["mails"] < MOST_MAILS:
        known["mails"] += 1
        plan.again.append(known)


def _is_off(known: dict[str, Any]) -> bool:
    """Whether the name was taken off, and nobody has asked to put it back."""
    return bool(known["withdrawn_at"]) and not known["signed_again_at"]


def _standing(household: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Who hears of a name that may not join: the first who has not left."""
    return next((one for one in household if not one["id"] or not _is_off(one)), None)


def _give_way(household: list[dict[str, Any]], wish: Wish) -> list[int]:
    """Take as many as must go, the oldest first, so that ``wish`` may join; nobody when it may not even so."""
    waiting = [one for one in household if one["id"] and _has_waited(one, wish.at)]
    waiting.sort(key=lambda one: one["created_at"])
    for many in range(len(waiting) + 1):
        left = [one for one in household if one not in waiting[:many]]
        if _may_join(left, wish.postcode):
            household[:] = left
            return [one["id"] for one in waiting[:many]]
    return []


def _has_waited(known: dict[str, Any], now: datetime) -> bool:
    never = known["confirmed_at"] is None and known["withdrawn_at"] is None
    return never and now - known["created_at"] > GIVES_WAY


def _may_join(household: list[dict[str, Any]], postcode: str) -> bool:
    return not household or (len(household) < HOUSEHOLD and household[0]["postcode"] == postcode != "")


_batches = Batcher(_write)
drain = _batches.drain
