"""The broker, and the @job decorator."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

import dramatiq
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, AsyncIO, CurrentMessage, Middleware, Retries, ShutdownNotifications

from undersigned.kit import database, smtp
from undersigned.kit.errors import Unavailable
from undersigned.kit.redis_client import client
from undersigned.processes import die_with_parent

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


class LinesOfAProcess(Middleware):
    """One pool a worker process, opened on the loop that the jobs run on before the first job is taken.

    When the process ends, that goes, and so do the lines to the mail server that wait for another message.
    """

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        die_with_parent()
        _on_the_loop(database.connect())

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        _on_the_loop(smtp.hang_up())
        _on_the_loop(database.disconnect())


def _on_the_loop(work: Any) -> None:
    loop = get_event_loop_thread()
    if loop is None:
        raise RuntimeError("A worker was started without an event loop.")
    loop.run_coroutine(work)


def make_broker() -> RedisBroker:
    """Redis carries only ids, so its loss costs time and nothing else.

    The defaults of Dramatiq look for messages of dead workers once in a thousand commands: measured, a job
    killed with -9 was not run again within four minutes. Looking at every command brings it back as soon
    as its heartbeat is missed.
    """
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client(),
        heartbeat_timeout=60_000,
        maintenance_chance=1_000_000,
        middleware=[
            AgeLimit(),
            ShutdownNotifications(),
            CurrentMessage(),
            Retries(),
            AsyncIO(),
            LinesOfAProcess(),
        ],
    )


broker = make_broker()
dramatiq.set_broker(broker)


def job(queue: str, priority: int = 0) -> Callable[[Callable[P, Awaitable[R]]], dramatiq.Actor[P, R]]:
    """Declare an async function that the worker runs later, with ids for arguments.

    It may be told twice, so it re-reads its row and stops when the work is done. Only Unavailable is tried
    again; anything else is a bug and is logged as one. A worker takes the lowest ``priority`` first.
    """

    def worth_retrying(retries: int, error: BaseException) -> bool:
        return isinstance(error, Unavailable) and retries < 3

    def declare(function: Callable[P, Awaitable[R]]) -> dramatiq.Actor[P, R]:
        decorate = dramatiq.actor(
            queue_name=queue, priority=priority, retry_when=worth_retrying, min_backoff=1_000
        )
        return decorate(function)

    return declare
