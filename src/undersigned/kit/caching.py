"""Answers kept for a second: what a crowd asks for is made once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")
MOST = 2_000


class Shelf(Generic[Kept]):
    """Answers by key, each good for ``seconds``; of many who ask at once, one makes it and the rest wait."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[float, Kept]] = {}
        self._making: dict[str, asyncio.Task[Kept]] = {}

    async def get(self, key: str, make: Callable[[], Awaitable[Kept]]) -> Kept:
        """What is kept under ``key``, or what ``make`` answers; nothing is kept when it raises."""
        kept = self._kept.get(key)
        if kept and kept[0] > time.monotonic():
            return kept[1]
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.ensure_future(make())
            task.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(task)

    def _keep(self, key: str, done: "asyncio.Task[Kept]") -> None:
        self._making.pop(key, None)
        if not done.cancelled() and done.exception() is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = (time.monotonic() + self._seconds, done.result())

    def forget(self, key: str | None = None) -> None:
        """Empty the shelf, or one place on it."""
        if key is None:
            self._kept.clear()
        else:
            self._kept.pop(key, None)
