"""Who may share an e-mail address, and what becomes of whoever signs from one that has signed before.

One address may carry two people when their names differ and their postcodes match (a household), not three.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from undersigned.kit import database
from undersigned.signatures import judging
from undersigned.signatures.wishes import Wish

MOST_MAILS: Final = 5
"""How many e-mails one signature is worth, so that nobody fills a stranger's mailbox with our links."""
HOUSEHOLD: Final = 2
GIVES_WAY: Final = timedelta(hours=24)
"""A name that nobody has confirmed for so long gives way to another: perhaps it was a stranger who typed it."""
Households = dict[tuple[int, str], list[dict[str, Any]]]


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


async def known(wishes: list[Wish]) -> Households:
    """Who has signed from the addresses of these, by campaign and address."""
    rows = await database.fetch(
        """SELECT s.id, s.campaign, s.email, s.email_key, s.name_key, s.postcode, s.slot, s.confirmed_at,
                  s.withdrawn_at, s.signed_again_at, s.mails, s.discounted_why, s.created_at
           FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::text[])) AS wanted (campaign, email_key)
           JOIN signature s ON s.campaign = wanted.campaign AND s.email_key = wanted.email_key
           ORDER BY s.slot""",
        [wish.campaign_id for wish in wishes],
        [wish.email_key for wish in wishes],
    )
    found: Households = {}
    for row in rows:
        found.setdefault((row["campaign"], row["email_key"]), []).append(row)
    return found


def plan(wishes: list[Wish], households: Households) -> Plan:
    """What is written for these, one after another; ``households`` is brought up to date as they join."""
    plan = Plan()
    for wish in wishes:
        household = households.setdefault((wish.campaign_id, wish.email_key), [])
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
