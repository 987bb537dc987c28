"""The clock: nothing that goes wrong stops it, and nothing slow holds up the relays."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from undersigned import schedule
from undersigned.kit.errors import Unavailable
from undersigned.schedule import Regular

pytestmark = pytest.mark.usefixtures("database")


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def ticking(regulars: list[Regular], true: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the clock with these until something is true."""
    monkeypatch.setattr(schedule, "REGULARS", regulars)
    stop = asyncio.Event()
    clock = asyncio.create_task(schedule.run(stop))
    try:
        await until(true)
    finally:
        stop.set()
        await clock


def failing(with_what: Exception, calls: list[int]) -> Callable[[], Awaitable[object]]:
    async def deed() -> None:
        calls.append(1)
        raise with_what

    return deed


async def test_deeds_that_go_wrong_neither_stop_the_clock_nor_one_another(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, away, good = [], [], []

    async def deed() -> None:
        good.append(1)

    regulars = [
        Regular("broken one", 0.05, failing(ValueError("amina@example.org"), broken)),
        Regular("one that waits", 0.05, failing(Unavailable("Away."), away)),
        Regular("good one", 0.05, deed),
    ]
    await ticking(regulars, lambda: min(len(broken), len(away), len(good)) > 1, monkeypatch)
    said = [record.getMessage() for record in caplog.records]
    assert "The broken one went wrong: ValueError." in said
    assert "The one that waits must wait: Unavailable." in said
    assert not any("amina" in line for line in said)


async def test_a_slow_deed_goes_on_beside_the_relays_and_never_twice_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    relayed, begun, ended = [], [], []

    async def relay() -> None:
        relayed.append(1)

    async def slow() -> None:
        begun.append(1)
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(1)

    deed = Regular("slow one", 10, slow)

    def often() -> bool:
        deed.last = float("-inf")
        return len(relayed) > 2

    await ticking([deed, Regular("relay", 0.05, relay)], often, monkeypatch)
    assert (begun, ended) == ([1], [1])
