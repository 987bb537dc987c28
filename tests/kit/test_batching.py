"""Many callers, one statement, one commit."""

import asyncio

import pytest

from undersigned.kit import batching
from undersigned.kit.batching import Batcher
from undersigned.kit.errors import Unavailable


async def test_everybody_gets_their_own_outcome_in_few_batches() -> None:
    sizes: list[int] = []

    async def write(items: list[int]) -> list[int]:
        sizes.append(len(items))
        await asyncio.sleep(0.01)
        return [item * 2 for item in items]

    batcher = Batcher(write)
    outcomes = await asyncio.gather(*(batcher.put(n) for n in range(1_200)))
    assert outcomes == [n * 2 for n in range(1_200)]
    assert sum(sizes) == 1_200
    assert max(sizes) == batching.LARGEST_BATCH
    assert len(sizes) <= 6


async def test_a_lone_caller_waits_for_nobody() -> None:
    async def write(items: list[int]) -> list[int]:
        return items

    assert await asyncio.wait_for(Batcher(write).put(7), 0.1) == 7


async def test_one_batch_is_written_at_a_time() -> None:
    writing = most = 0

    async def write(items: list[int]) -> list[int]:
        nonlocal writing, most
        writing += 1
        most = max(most, writing)
        await asyncio.sleep(0.01)
        writing -= 1
        return items

    batcher = Batcher(write)
    await asyncio.gather(*(batcher.put(n) for n in range(2_500)))
    assert most == 1


async def test_one_bad_item_costs_its_neighbours_nothing_and_is_soon_found() -> None:
    tries = 0

    async def write(items: list[int]) -> list[int]:
        nonlocal tries
        tries += 1
        if 13 in items:
            raise ValueError("thirteen")
        return items

    batcher = Batcher(write)
    outcomes = await asyncio.gather(*(batcher.put(n) for n in range(400)), return_exceptions=True)
    assert [n for n in range(400) if outcomes[n] != n] == [13]
    assert isinstance(outcomes[13], ValueError)
    assert tries < 25


async def test_a_full_queue_says_not_now_and_forgets_nobody_who_waits() -> None:
    go = asyncio.Event()

    async def write(items: list[int]) -> list[int]:
        await go.wait()
        return items

    batcher = Batcher(write)
    waiting = [asyncio.create_task(batcher.put(n)) for n in range(batching.LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await batcher.put(-1)
    go.set()
    assert await asyncio.gather(*waiting) == list(range(batching.LONGEST_QUEUE))


async def test_somebody_who_goes_away_changes_nothing_for_the_others() -> None:
    async def write(items: list[int]) -> list[int]:
        await asyncio.sleep(0.02)
        return items

    batcher = Batcher(write)
    leaving, staying = asyncio.create_task(batcher.put(1)), asyncio.create_task(batcher.put(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 2


async def test_draining_waits_for_everything_that_was_put() -> None:
    written: list[int] = []

    async def write(items: list[int]) -> list[int]:
        await asyncio.sleep(0.01)
        written.extend(items)
        return items

    batcher = Batcher(write)
    tasks = [asyncio.create_task(batcher.put(n)) for n in range(1_600)]
    await asyncio.sleep(0)
    await batcher.drain()
    assert sorted(written) == list(range(1_600))
    await asyncio.gather(*tasks)


async def test_draining_when_nothing_was_put_is_done_at_once() -> None:
    async def write(items: list[int]) -> list[int]:
        return items

    await asyncio.wait_for(Batcher(write).drain(), 0.1)
