"""Which totals by place may be told to everybody, so that none that is held back can be worked out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from undersigned.representatives import seats
from undersigned.signatures.tables import Tally

MOST_HIDDEN = Tally.FEWEST_SHOWN - 1


@dataclass(frozen=True)
class Told:
    """What may be said of each place: its total, that it has none, or neither.

    ``hidden`` have fewer than five, or none where saying so would give another away. When ``larger`` is true some
    of them have five or more, held back for the same reason. ``few`` is how many have some and fewer than five.
    """

    totals: dict[str, int]
    none: frozenset[str]
    hidden: frozenset[str]
    larger: bool
    few: int


async def by_constituency(campaign_id: int) -> Told:
    """What may be said of every constituency of today, and of each older one that somebody signed in."""
    standing = {row["gss_code"] for row in await seats.standing()}
    totals = await Tally.of(campaign_id, "constituency")
    return of(totals, standing | totals.keys())


def of(totals: Mapping[str, int], places: Collection[str]) -> Told:
    """Sort ``places`` by what may be said of them.

    The whole is public, so whoever takes from it all that is told knows what the hidden have together. That, and
    this rule, must leave every one of them open: one alone is no secret, nor are three that have three together.
    They are hidden among the places with none; where there are none of those, among the least of the others.
    """
    shown = {place: totals[place] for place in sorted(places) if totals.get(place, 0) >= Tally.FEWEST_SHOWN}
    few = {place: totals[place] for place in places if 0 < totals.get(place, 0) < Tally.FEWEST_SHOWN}
    none = frozenset(places).difference(shown, few)
    if _is_open(few):
        return Told(shown, none, frozenset(few), larger=False, few=len(few))
    if none:
        return Told(shown, frozenset(), none.union(few), larger=False, few=len(few))
    # Those that are equal go together: a choice among them by name would say which of the hidden are larger.
    least = min(shown.values(), default=0)
    left = {place: total for place, total in shown.items() if total > least}
    return Told(left, none, frozenset(few).union(shown.keys() - left), larger=bool(shown), few=len(few))


def _is_open(few: Mapping[str, int]) -> bool:
    """Whether nobody could tell what one of these has from what all of them have."""
    return not few or (len(few) > 1 and len(few) < sum(few.values()) < MOST_HIDDEN * len(few))
