"""What every command shares: the servers ready, the database open, and bars for what takes long."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from rich.console import Console
from rich.progress import Progress, TaskID

from undersigned import servers

P = ParamSpec("P")
R = TypeVar("R")
MOST_SHOWN = 20
console = Console()
bars = Console(stderr=True)
"""For progress beside lines that a program may read."""


def needs_servers(command: Callable[P, R]) -> Callable[P, R]:
    """Have PostgreSQL and Redis ready before ``command`` imports anything that wants their addresses."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with servers.ready():
            return command(*args, **kwargs)

    return run


def with_database(work: Callable[[], Coroutine[Any, Any, R]]) -> R:
    """Run ``work`` with the tables up to date and the pool open."""
    from undersigned.kit import database, migrating

    async def everything() -> R:
        await migrating.migrate()
        await database.connect()
        try:
            return await work()
        finally:
            await database.disconnect()

    return asyncio.run(everything())


def one_bar_each(bar: Progress) -> Callable[[str, int, int], None]:
    """One bar for each thing that is fetched."""
    tasks: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    return report
