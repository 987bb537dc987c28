"""More web processes on the tests' own database, each on a port of its own, as behind a load balancer."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from installation import free_port
from journey.visitor import answers, wait_for


class Node:
    """One `undersigned web`, which shares PostgreSQL and Redis with the tests."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "undersigned.commands", "web"]
        self._process = subprocess.Popen(
            command, env=os.environ | environment | {"PORT": str(self.port)}, start_new_session=True
        )

    def wait(self) -> None:
        """Until it answers."""
        wait_for(lambda: answers(f"{self.base_url}/livez") or None, "a web process", 60)

    def stop(self) -> None:
        """End it and its children."""
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(30)


@contextmanager
def nodes(many: int, **environment: str) -> Iterator[list[Node]]:
    """So many of them, all of which answer; ``environment`` is what they are told and the tests are not."""
    with ExitStack() as stack:
        started = []
        for _ in range(many):
            node = Node(**environment)
            stack.callback(node.stop)
            started.append(node)
        for node in started:
            node.wait()
        yield started
