"""The one Redis client."""

from functools import cache

import redis
import redis.asyncio

from undersigned.settings import settings


@cache
def client() -> redis.Redis:
    """For code that waits: the broker, the clock."""
    return redis.Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)


@cache
def async_client() -> redis.asyncio.Redis:
    """For code on the event loop: the web and its limits."""
    return redis.asyncio.Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)
