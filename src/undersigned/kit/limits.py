"""How often one visitor may knock: a token bucket in Redis, moved by one atomic script."""

import asyncio
import ipaddress
import json
import logging
from dataclasses import dataclass
from typing import Any

import redis
from litestar import Request

from undersigned.kit.errors import Refused
from undersigned.kit.redis_client import async_client
from undersigned.settings import networks, settings

RETRY_AFTER = 120
"""How many seconds we ask somebody to wait who came too often."""
OWN_NETWORKS = networks("127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7")
log = logging.getLogger(__name__)


class TooManyTries(Refused):
    """Somebody came more often than one person does; the page is a 429."""


@dataclass(frozen=True)
class Bucket:
    """How often ``who`` may do ``what``: at most ``size`` times at once, refilled ``per_hour``."""

    what: str
    who: str
    size: int
    per_hour: float

    @property
    def key(self) -> str:
        """Where Redis keeps it; the part in braces puts all of them on one node of a cluster."""
        return f"{{limit}}:{self.what}:{self.who}"


# The clock is Redis's own, so that several web machines agree. A turn takes from all of its buckets or from none:
# whoever is stopped by one must not empty the others for their neighbours.
_TAKE = """
local asked = cjson.decode(ARGV[1])
local t = redis.call('TIME')
local now = t[1] + t[2] / 1000000
local held = {}
for i, key in ipairs(KEYS) do
  local size, per_second = asked.buckets[i][1], asked.buckets[i][2]
  local was = redis.call('HMGET', key, 'tokens', 'at')
  held[i] = math.min(size, (tonumber(was[1]) or size) + (now - (tonumber(was[2]) or now)) * per_second)
end
local answers = {}
for j, turn in ipairs(asked.turns) do
  answers[j] = 0
  for _, i in ipairs(turn) do
    if answers[j] == 0 and held[i] < 1 then answers[j] = i end
  end
  if answers[j] == 0 then
    for _, i in ipairs(turn) do held[i] = held[i] - 1 end
  end
end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'tokens', tostring(held[i]), 'at', tostring(now))
  redis.call('EXPIRE', key, math.ceil(asked.buckets[i][1] / asked.buckets[i][2]) + 1)
end
return answers
"""
PATIENCE = 1


async def take(turns: list[list[Bucket]]) -> list[Bucket | None]:
    """For each turn the first of its buckets that is empty, or None once one has been taken from each of them.

    All of it is one atomic call. Redis being away, or not answering within a second, lets everybody in: it is a
    convenience, and the record does not depend on it.
    """
    buckets = list(dict.fromkeys(bucket for turn in turns for bucket in turn))
    if not buckets:
        return [None] * len(turns)
    try:
        async with asyncio.timeout(PATIENCE):
            answers = await async_client().eval(
                _TAKE, len(buckets), *(bucket.key for bucket in buckets), _asked(turns, buckets)
            )
    except (redis.RedisError, TimeoutError):
        log.warning("Redis is away; %s is not limited.", buckets[0].what)
        return [None] * len(turns)
    return [buckets[answer - 1] if answer else None for answer in answers]


def _asked(turns: list[list[Bucket]], buckets: list[Bucket]) -> str:
    """What the script wants to know, in JSON; Lua counts from one."""
    places = {bucket: place for place, bucket in enumerate(buckets, 1)}
    told = [[bucket.size, bucket.per_hour / 3600] for bucket in buckets]
    return json.dumps({"buckets": told, "turns": [[places[bucket] for bucket in turn] for turn in turns]})


async def claim(claims: list[tuple[str, str]], seconds: int) -> list[bool]:
    """Whether each (thing, claimant) may have it: the first who asks, as often as they like, for ``seconds``.

    Redis being away gives everybody what they ask for, as :func:`take` does.
    """
    if not claims:
        return []
    pipeline = async_client().pipeline(transaction=False)
    for what, who in claims:
        pipeline.set(f"claim:{what}", who, nx=True, ex=seconds)
        pipeline.get(f"claim:{what}")
    try:
        async with asyncio.timeout(PATIENCE):
            holders = (await pipeline.execute())[1::2]
    except (redis.RedisError, TimeoutError):
        log.warning("Redis is away; nothing is claimed.")
        return [True] * len(claims)
    return [holder == who.encode() for holder, (_, who) in zip(holders, claims, strict=True)]


async def may(what: str, who: str, size: int, per_hour: float) -> bool:
    """Whether ``who`` may do ``what`` once more, as :func:`take` counts."""
    return await take([[Bucket(what, who, size, per_hour)]]) == [None]


async def check(what: str, request: Request[Any, Any, Any], size: int, per_hour: float) -> None:
    """Raises TooManyTries when this visitor has done ``what`` too often, as :func:`may` counts."""
    if not await may(what, visitor(request), size, per_hour):
        raise TooManyTries("Wait a few minutes, and try again.")


async def check_crowd(what: str, request: Request[Any, Any, Any], size: int, per_hour: float) -> None:
    """As :func:`check`, for what a whole crowd does at once.

    An address of our own networks is not limited: as likely as not it is a proxy that TRUSTED_PROXIES does
    not name, and behind it stands everybody.
    """
    if not is_ours(visitor(request)):
        await check(what, request, size, per_hour)


def visitor(request: Request[Any, Any, Any]) -> str:
    """The address that asks, “” when there is none.

    Of what X-Forwarded-For says, only what TRUSTED_PROXIES have written is believed: the last address that
    is not one of theirs.
    """
    trusted = networks(settings.trusted_proxies)
    who = request.client.host if request.client else ""
    hops = ",".join(request.headers.getall("x-forwarded-for", [])).split(",")
    while _is_in(who, trusted) and hops and _address(hops[-1]):
        who = str(_address(hops.pop()))
    return str(_address(who) or who)


def is_at_home(request: Request[Any, Any, Any]) -> bool:
    """Whether a program on this machine asks, and says that it asks for nobody else."""
    return is_this_machine(visitor(request)) and not request.headers.get("x-forwarded-for")


def is_this_machine(who: str) -> bool:
    """Whether this is an address of this machine; a proxy on it may speak for others, see :func:`is_at_home`."""
    address = _address(who)
    return address is not None and address.is_loopback


def is_ours(who: str) -> bool:
    """Whether this is the address of this machine, or of one beside it."""
    return _is_in(who, OWN_NETWORKS)


def holds_ours(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    """Whether an address of this machine, or of one beside it, is in ``network``."""
    return any(network.version == ours.version and network.overlaps(ours) for ours in OWN_NETWORKS)


def _is_in(who: str, ranges: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    address = _address(who)
    return address is not None and any(address in network for network in ranges)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as it was told; IPv4 that came in over IPv6 is IPv4."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
