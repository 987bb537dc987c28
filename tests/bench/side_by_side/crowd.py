"""A crowd of visitors in a process of its own, each of whom asks again as soon as they are answered.

It knows nothing of signing: it works off a list of ready-made requests, over connections that it keeps for as
long as the server does, and says what came back. Clients and servers share one machine, so it is made to need
little: plain sockets, one loop, no more of HTTP than where an answer ends. What it still costs is in its report
(``cpu``, in seconds); on the machine where it was written that was some 15 µs a request and 25 µs for a page of
60 kB, which is a tenth of one of two cores at 7,000 requests a second.

    python crowd.py PORT REQUESTS SECONDS CONNECTIONS [--again]

REQUESTS is a pickled list of bytes. Each is asked once, unless ``--again`` lets the crowd begin anew.
"""

import gc
import json
import pickle
import selectors
import socket
import sys
import time
from array import array
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 30.0
"""Seconds that an answer may take, once nobody asks any more."""
LARGEST_READ = 262_144
NO_ANSWER = 0
_END_OF_HEAD = b"\r\n\r\n"


class Visitor:
    """One connection, and the request that waits on it for its answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connect()
        self.number = 0
        self.asked_at = 0.0
        self._heard = b""
        self._missing: int | None = None
        self._ends_with_close = False

    def _connect(self) -> socket.socket:
        line = socket.create_connection((HOST, self.port), timeout=PATIENCE)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setblocking(False)
        return line

    def ask(self, number: int, request: bytes) -> None:
        """Send a request; it is small enough for the socket's buffer."""
        self.number, self.asked_at = number, time.perf_counter()
        self._heard, self._missing = b"", None
        self.socket.send(request)

    def hear(self) -> int | None:
        """The status of the answer once all of it is here, NO_ANSWER when the line broke, else None."""
        try:
            more = self.socket.recv(LARGEST_READ)
        except BlockingIOError:
            return None
        except OSError:
            more = b""
        if not more:
            return self._hang_up()
        if self._missing is None:
            self._heard += more
            return self._read_head()
        self._missing -= len(more)
        return self._status if self._missing <= 0 else None

    def _read_head(self) -> int | None:
        end = self._heard.find(_END_OF_HEAD)
        if end < 0:
            return None
        head = self._heard[:end].lower()
        self._status = int(head[9:12])
        self._ends_with_close = b"\r\nconnection: close" in head
        at = head.find(b"\r\ncontent-length:")
        if at < 0:
            if not self._ends_with_close:
                raise SystemExit("An answer does not say how long it is, and the connection stays open.")
            self._missing = sys.maxsize
            return None
        stop = head.find(b"\r\n", at + 2)
        length = int(head[at + 17 : stop if stop > 0 else None])
        self._missing = length - (len(self._heard) - end - len(_END_OF_HEAD))
        return self._status if self._missing <= 0 else None

    def _hang_up(self) -> int:
        self._ends_with_close = True
        return self._status if self._missing == sys.maxsize else NO_ANSWER

    @property
    def must_come_again(self) -> bool:
        """Whether the server keeps this connection no longer."""
        return self._ends_with_close

    def come_again(self) -> None:
        """Connect anew, as a browser would."""
        self.socket.close()
        self.socket = self._connect()
        self._ends_with_close = False


class Crowd:
    """Visitors who share a list of requests, and what they were told."""

    def __init__(self, port: int, requests: Iterator[tuple[int, bytes]], connections: int) -> None:
        self._requests = requests
        self._selector = selectors.DefaultSelector()
        self._visitors = [Visitor(port) for _ in range(connections)]
        self._waiting = 0
        self.took = array("d")
        self.told: dict[int, array[int]] = {}
        self.seconds = 0.0

    def work(self, seconds: float) -> None:
        """Ask for so long, or until everything has been asked; then wait for what is still owed."""
        began = last = time.perf_counter()
        until = began + seconds
        for visitor in self._visitors:
            self._selector.register(visitor.socket, selectors.EVENT_READ, visitor)
            self._next(visitor)
        while self._waiting and time.perf_counter() < until + PATIENCE:
            for key, _ in self._selector.select(1.0):
                if self._listen(key.data):
                    last = self._answered(key.data)
                    if last < until:
                        self._next(key.data)
        self.seconds = last - began
        if self._waiting:
            self.told.setdefault(NO_ANSWER, array("L")).extend([0] * self._waiting)

    def _listen(self, visitor: Visitor) -> bool:
        status = visitor.hear()
        if status is None:
            return False
        self.told.setdefault(status, array("L")).append(visitor.number)
        return True

    def _answered(self, visitor: Visitor) -> float:
        """Note how long it took; connect anew where the server wants it so."""
        now = time.perf_counter()
        self.took.append(now - visitor.asked_at)
        self._waiting -= 1
        if visitor.must_come_again:
            self._selector.unregister(visitor.socket)
            visitor.come_again()
            self._selector.register(visitor.socket, selectors.EVENT_READ, visitor)
        return now

    def _next(self, visitor: Visitor) -> None:
        for number, request in self._requests:
            visitor.ask(number, request)
            self._waiting += 1
            return

    def report(self) -> dict[str, Any]:
        """What happened; ``told`` lists the numbers of the requests by the status of their answers."""
        took = sorted(self.took)
        return {
            "seconds": self.seconds,
            "answers": len(took),
            "p50": took[len(took) // 2] if took else None,
            "p99": took[len(took) * 99 // 100] if took else None,
            "told": {str(status): numbers.tolist() for status, numbers in self.told.items()},
        }


def main() -> None:
    """Work off the list and print the report as JSON."""
    port, path, seconds, connections = sys.argv[1:5]
    requests: list[bytes] = pickle.loads(Path(path).read_bytes())
    gc.disable()
    numbered = enumerate(requests)
    crowd = Crowd(int(port), cycle(numbered) if "--again" in sys.argv else numbered, int(connections))
    before = time.process_time()
    crowd.work(float(seconds))
    print(json.dumps(crowd.report() | {"cpu": time.process_time() - before}))


if __name__ == "__main__":
    main()
