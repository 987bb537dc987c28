"""Many callers, one statement, one commit.

Concurrent callers put one item each. One batch is written at a time, and whoever comes meanwhile shares the next:
so a lone caller waits for nobody, and the greater the crowd, the less each of them costs.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from undersigned.kit.errors import Unavailable

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
LARGEST_BATCH = 500
LONGEST_QUEUE = 5_000


class Batcher(Generic[Item, Outcome]):
    """Hands ``write`` lists of at most 500 items and gives each caller its own outcome.

    ``write`` must return one outcome an item, in order, and commit before it returns.
    """

    def __init__(self, write: Callable[[list[Item]], Awaitable[list[Outcome]]]) -> None:
        self._write = write
        self._waiting: deque[tuple[Item, asyncio.Future[Outcome]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Outcome:
        """The outcome for ``item``, once it is durable.

        Raises Unavailable when the queue is full, and otherwise whatever ``write`` raised for this item alone: a
        batch that fails is tried again by halves down to the one who is to blame, so nobody pays for a neighbour.
        """
        if len(self._waiting) >= LONGEST_QUEUE:
            raise Unavailable("Too many people are signing at this moment.")
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        self._start()
        return await outcome

    async def drain(self) -> None:
        """Wait until everything that was put has been answered."""
        while self._running:
            await asyncio.wait({self._running})

    def _start(self) -> None:
        if self._waiting and self._running is None:
            self._running = task = asyncio.create_task(self._leave())
            task.add_done_callback(self._go_on)

    def _go_on(self, _: "asyncio.Task[None]") -> None:
        self._running = None
        self._start()

    async def _leave(self) -> None:
        """Take along whoever just knocks: one turn of the loop answers the last batch, and the next reads them."""
        for _ in range(2):
            await asyncio.sleep(0)
        size = min(len(self._waiting), LARGEST_BATCH)
        await self._run([self._waiting.popleft() for _ in range(size)])

    async def _run(self, batch: list[tuple[Item, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await self._write([item for item, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            half = len(batch) // 2
            await self._run(batch[:half])
            await self._run(batch[half:])
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
