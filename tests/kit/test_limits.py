"""How often one visitor may knock."""

import asyncio

import pytest

import outages
from undersigned.kit import limits

pytestmark = pytest.mark.usefixtures("database")


async def test_a_bucket_lets_so_many_in_at_once_and_no_more() -> None:
    answers = await asyncio.gather(*(limits.may("knock", "192.0.2.1", size=5, per_hour=1) for _ in range(20)))
    assert sum(answers) == 5


async def test_everybody_has_a_bucket_of_their_own_for_each_thing() -> None:
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=1)
    assert not await limits.may("knock", "192.0.2.1", size=1, per_hour=1)
    assert await limits.may("knock", "192.0.2.2", size=1, per_hour=1)
    assert await limits.may("write", "192.0.2.1", size=1, per_hour=1)


async def test_it_fills_again_with_time() -> None:
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=36_000)
    assert not await limits.may("knock", "192.0.2.1", size=1, per_hour=36_000)
    await asyncio.sleep(0.15)
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=36_000)


async def test_without_redis_everybody_is_let_in() -> None:
    with outages.redis_away():
        assert all([await limits.may("knock", "192.0.2.1", size=1, per_hour=1) for _ in range(3)])
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=1)
    assert not await limits.may("knock", "192.0.2.1", size=1, per_hour=1)
