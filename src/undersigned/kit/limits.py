"""How often one visitor may knock: a token bucket in Redis, moved by one atomic script."""

import ipaddress
import logging
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


# The clock is Redis's own, so that several web machines agree.
_BUCKET = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1000000
local size, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(size, (tonumber(held[1]) or size) + (now - (tonumber(held[2]) or now)) * per_second)
local allowed = tokens >= 1 and 1 or 0
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - allowed), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], math.ceil(size / per_second) + 1)
return allowed
"""


async def may(what: str, who: str, size: int, per_hour: float) -> bool:
    """Whether ``who`` may do ``what`` once more: at most ``size`` at once, refilled ``per_hour``.

    Redis being away lets everybody in: it is a convenience, and the record does not depend on it.
    """
    try:
        answer = await async_client().eval(_BUCKET, 1, f"limit:{what}:{who}", size, per_hour / 3600)
    except redis.RedisError:
        log.warning("Redis is away; %s is not limited.", what)
        return True
    return bool(answer)


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
    return who


def is_this_machine(who: str) -> bool:
    """Whether a program on this machine asks, and nobody through a proxy."""
    address = _address(who)
    return address is not None and address.is_loopback


def is_ours(who: str) -> bool:
    """Whether this is the address of this machine, or of one beside it."""
    return _is_in(who, OWN_NETWORKS)


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
