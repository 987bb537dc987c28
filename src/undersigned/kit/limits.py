"""How often one visitor may knock: a token bucket in Redis, moved by one atomic script."""

import logging

import redis

from undersigned.kit.redis_client import async_client

log = logging.getLogger(__name__)

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
