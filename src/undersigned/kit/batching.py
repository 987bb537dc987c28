"""Many callers, one statement, one commit.

Concurrent callers put one item each; a batch leaves as soon as one of two slots is free, so a lone caller
waits for nobody and a crowd shares a commit.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from undersigned.kit.errors import Unavailable

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
SLOTS = 2
LARGEST_BATCH = 500
LONGEST_QUEUE = 5_000


class Batcher(Generic[Item, Outcome]):
    """Hands ``write`` lists of at most 500 items and gives each caller its own outcome.

    ``write`` must return one outcome an item, in order, and commit before it returns.
    """

    def __init__(self, write: Callable[[list[Item]], Awaitable[list[Outcome]]]) -> None:
        self._write = write
        self._waiting: deque[tuple[Item, asyncio.Future[Outcome]]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def put(self, item: Item) -> Outcome:
        """The outcome for ``item``, once it is durable.

        Raises Unavailable when the queue is full, and otherwise whatever ``write`` raised for this item
        alone: a batch that fails is tried again one item at a time, so nobody pays for a neighbour.
        """
        if len(self._waiting) >= LONGEST_QUEUE:
            raise Unavailable("Too many people are signing at this moment.")
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        self._fill_slots()
        return await outcome

    async def drain(self) -> None:
        """Wait until everything that was put has been answered."""
        while self._running:
            await asyncio.wait(set(self._running))

    def _fill_slots(self) -> None:
        while self._waiting and len(self._running) < SLOTS:
            size = min(len(self._waiting), LARGEST_BATCH)
            batch = [self._waiting.popleft() for _ in range(size)]
            task = asyncio.create_task(self._run(batch))
            self._running.add(task)
            task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._fill_slots()

    async def _run(self, batch: list[tuple[Item, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await self._write([item for item, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            for one in batch:
                await self._run([one])
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            _settle(future, outcome)


def _settle(future: "asyncio.Future[Outcome]", outcome: Outcome | Exception) -> None:
    """Answer a caller who is still there; one who has gone away changes nothing."""
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
