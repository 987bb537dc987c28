"""How many signatures from one place are a crowd, and how many are a burst.

A mobile network shows thousands of people under one address, and a hall that signs together shares its Wi-Fi:
so the buckets are large, and one campaign's never touch another's. docs/decisions/0007 says how they were chosen.
"""

import ipaddress
from functools import lru_cache

from undersigned.kit import limits
from undersigned.kit.limits import Bucket
from undersigned.signatures import filling
from undersigned.signatures.wishes import Wish
from undersigned.supporters import domains

# Each has the reason that it gives, how many it takes at once, and how many more an hour.
ADDRESS = ("burst-ip", 100, 300)
BLOCK = ("burst-block", 600, 6_000)
DOMAIN = ("burst-domain", 100, 300)
QUICK = ("quick", 2, 2)
UNPROVEN = ("burst-campaign", 200, 2_000)
STRICTER = 6
"""How many times smaller the buckets are, while the guard is raised, of those who bring no proof."""
AT_ONCE = {"normal": ADDRESS[1], "raised": ADDRESS[1] // STRICTER}
"""How many are counted at once from one address, of those who bring no proof, by how closely the guard looks."""


def buckets(wish: Wish, proven: bool) -> list[Bucket]:
    """What one signature takes from; the bucket that turns out to be empty is named for the reason.

    An address of our own networks is as likely as not a proxy that nobody named, so that it says nothing.
    """
    places = _places(wish)
    near = [(QUICK, who) for limit, who in places if limit == ADDRESS and is_quick(wish)]
    if proven:
        return [_bucket(wish, limit, who) for limit, who in near + places]
    return [
        *(_bucket(wish, limit, who) for limit, who in near),
        *(_stricter(wish, limit, who) for limit, who in places),
        _bucket(wish, UNPROVEN, "everybody"),
    ]


def is_quick(wish: Wish) -> bool:
    """Whether the form was sent sooner than people read it."""
    opened_at = wish.form.started
    return opened_at is not None and wish.at.timestamp() - opened_at < filling.QUICKEST


def _places(wish: Wish) -> list[tuple[tuple[str, int, int], str]]:
    found = list(zip((ADDRESS, BLOCK), blocks(wish.visit.ip), strict=False))
    if not (wish.visit.at_home or domains.is_unlimited(wish.domain)):
        found.append((DOMAIN, domains.organisation(wish.domain)))
    return found


@lru_cache(10_000)
def blocks(ip: str) -> tuple[str, ...]:
    """The address, as far as one household or office has it, and the network around it; nothing for our own.

    Of IPv6 that is a /64 and a /48, since a single address means nothing there (RFC 8981).
    """
    if limits.is_ours(ip):
        return ()
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ()
    lengths = (32, 24) if address.version == 4 else (64, 48)
    return tuple(str(ipaddress.ip_network((int(address), length), strict=False)) for length in lengths)


def _bucket(wish: Wish, limit: tuple[str, int, int], who: str) -> Bucket:
    what, size, per_hour = limit
    return Bucket(what, f"{wish.campaign_id}:{who}", size, per_hour)


def _stricter(wish: Wish, limit: tuple[str, int, int], who: str) -> Bucket:
    what, size, per_hour = limit
    return Bucket(what, f"{wish.campaign_id}:unproven:{who}", size // STRICTER, per_hour / STRICTER)
