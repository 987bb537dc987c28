"""How many may talk to the mailroom at once, how often, and how much of their mail is in hand.

All of it is counted in this process, in memory that has a bound. Whoever is turned away is told to come back:
an honest mail server keeps what it brings for days, so nothing is lost.
"""

import ipaddress
import logging
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from undersigned.kit import database, limits

MOST_AT_ONCE = 200
MOST_AT_ONCE_FROM_ONE = 10
MOST_PEERS = 10_000
MOST_IN_HAND = 256 * 1024 * 1024
"""Bytes of mail that has begun to arrive and is not stored yet, of everybody together."""
MOST_HELD = 1_000
"""So many in the holding pen, and mail for an address that is nobody's has to wait at its sender's."""
LOOK_AGAIN_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass
class Allowance:
    """A bucket that holds ``size`` and is refilled ``per_minute``."""

    size: float
    per_minute: float
    left: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.at = self.size, time.monotonic()

    def take(self) -> bool:
        """Whether there is one left, which is then gone."""
        now = time.monotonic()
        self.left = min(self.size, self.left + (now - self.at) * self.per_minute / 60)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Doorkeeper:
    """Who is inside, and who came how often.

    A peer of our own networks is not limited by itself: as likely as not it is the mail server in front of us,
    and behind it stands everybody.
    """

    def __init__(self) -> None:
        self.in_hand = 0
        self._inside: Counter[str] = Counter()
        self._of_all = Allowance(5_000, 18_000)
        self._of_peer: OrderedDict[str, Allowance] = OrderedDict()
        self._turned_away = 0
        self._said_at = 0.0

    def enter(self, peer: str) -> bool:
        """Whether one more conversation may begin; if so, :meth:`leave` ends it."""
        from_one = 0 if limits.is_ours(peer) else self._inside[_neighbourhood(peer)]
        if self._inside.total() >= MOST_AT_ONCE or from_one >= MOST_AT_ONCE_FROM_ONE:
            self._turn_away()
            return False
        self._inside[_neighbourhood(peer)] += 1
        return True

    def leave(self, peer: str) -> None:
        """A conversation is over."""
        where = _neighbourhood(peer)
        self._inside[where] -= 1
        if self._inside[where] <= 0:
            del self._inside[where]

    def may_bring(self, peer: str) -> bool:
        """Whether this peer may bring one more mail now."""
        may = (limits.is_ours(peer) or self._allowance(peer).take()) and self._of_all.take()
        if not may:
            self._turn_away()
        return may

    def _allowance(self, peer: str) -> Allowance:
        """Of this peer; of ten thousand that came, whoever has been away the longest is forgotten."""
        where = _neighbourhood(peer)
        allowance = self._of_peer.pop(where, None) or Allowance(60, 30)
        self._of_peer[where] = allowance
        while len(self._of_peer) > MOST_PEERS:
            self._of_peer.popitem(last=False)
        return allowance

    def _turn_away(self) -> None:
        """Say so once a minute, and not whom."""
        self._turned_away += 1
        if time.monotonic() - self._said_at > 60:
            log.warning("The mailroom is busy: %s were asked to come back later.", self._turned_away)
            self._turned_away, self._said_at = 0, time.monotonic()


def _neighbourhood(peer: str) -> str:
    """Whom we take for one: an IPv4 address, or the 64 bits that one customer has of IPv6."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


class Pen:
    """Whether the holding pen is full, looked up at most every few seconds."""

    def __init__(self) -> None:
        self._full = False
        self._looked_at = float("-inf")

    async def is_full(self) -> bool:
        """Raises Unavailable with the database away."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS:
            self._looked_at = time.monotonic()
            self._full = await _many_are_held()
            if self._full:
                log.warning("The holding pen is full: mail for addresses that are nobody's waits at its senders'.")
        return self._full


async def _many_are_held() -> bool:
    """Held, or on their way to be: what is not sorted yet may be as bad."""
    rows = await database.fetch(
        """SELECT (SELECT count(*) FROM (SELECT FROM held_mail WHERE placed_at IS NULL LIMIT $1) AS held)
                + (SELECT count(*) FROM (SELECT FROM inbound_mail WHERE sorted_at IS NULL LIMIT $1) AS coming)
                AS n""",
        MOST_HELD,
    )
    return int(rows[0]["n"]) >= MOST_HELD
