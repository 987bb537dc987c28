"""The one Redis client."""

from functools import cache

import redis
import redis.asyncio

from undersigned.settings import settings


@cache
def client() -> redis.Redis:
    """For code that waits: the broker. Its threads share 64 connections, and wait five seconds for a free one."""
    pool = redis.BlockingConnectionPool.from_url(settings.redis_url, timeout=5, max_connections=64)
    return redis.Redis(connection_pool=pool)


@cache
def async_client() -> redis.asyncio.Redis:
    """For code on the event loop: the web and its limits."""
    return redis.asyncio.Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)
