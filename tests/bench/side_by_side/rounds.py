"""Rounds that take turns, because machines are noisy: A, B, C, A, B, C; and the median of what each has shown."""

import json
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.side_by_side.sites import Site

CROWD = Path(__file__).with_name("crowd.py")
RATE = "requests a second"
WARM_UP = 1.0
Requests = Sequence[bytes]


@dataclass(frozen=True)
class Bounds:
    """How long to measure: so many rounds of so many seconds, with so many connections."""

    rounds: int
    seconds: float
    connections: int = 64


@dataclass
class Round:
    """What a crowd has found; ``told`` are the numbers of the requests by the status of their answers."""

    seconds: float
    answers: int
    p50: float
    p99: float
    cpu: float
    told: dict[int, list[int]]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


@dataclass
class Work:
    """What one site is asked: ``requests`` makes the list for a round, and a good answer is ``expected``."""

    site: Site
    requests: Callable[[], Requests]
    expected: int
    again: bool = False
    note: Callable[[Round, list[int]], None] = lambda found, good: None
    rounds: list[Round] = field(default_factory=list)

    def once(self, seconds: float, connections: int) -> Round:
        """One round; ``note`` hears of it, with the numbers of the requests that were answered well."""
        found = ask(self.site, self.requests(), seconds, connections, self.again)
        self.note(found, found.told.get(self.expected, []))
        return found

    def figures(self) -> dict[str, Any]:
        """Medians over the rounds, and every answer that was not the expected one."""
        errors: dict[str, int] = {}
        for one in self.rounds:
            for status, numbers in one.told.items():
                if status != self.expected:
                    name = str(status) if status else "no answer"
                    errors[name] = errors.get(name, 0) + len(numbers)
        return {
            RATE: _median(one.rate for one in self.rounds),
            "p50 (ms)": _median(one.p50 for one in self.rounds) * 1e3,
            "p99 (ms)": _median(one.p99 for one in self.rounds) * 1e3,
            "errors": ", ".join(f"{many} × {name}" for name, many in sorted(errors.items())) or 0,
            "CPU of the crowd (µs a request)": _median(one.cpu / one.answers for one in self.rounds) * 1e6,
        }


def take_turns(works: list[Work], bounds: Bounds, after: Callable[[], object] = lambda: None) -> None:
    """A warm-up for each, and then the rounds; every other one runs backwards, so that nobody is always last."""
    for work in works:
        work.once(min(WARM_UP, bounds.seconds), bounds.connections)
        after()
    for number in range(bounds.rounds):
        for work in works[:: -1 if number % 2 else 1]:
            work.rounds.append(work.once(bounds.seconds, bounds.connections))
            after()


def ask(site: Site, requests: Requests, seconds: float, connections: int, again: bool) -> Round:
    """Let a crowd ask; it works in a process of its own. Raises RuntimeError when nobody is answered."""
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        pickle.dump(list(requests), file)
        file.flush()
        command = [sys.executable, CROWD, site.port, file.name, seconds, connections]
        said = subprocess.run(
            [str(word) for word in command] + (["--again"] if again else []),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
    found = json.loads(said)
    if not found["answers"]:
        raise RuntimeError(f"{site.name} answered nobody: {site.log.read_text()[-2000:]}")
    found["told"] = {int(status): numbers for status, numbers in found["told"].items()}
    return Round(**found)


def _median(values: Any) -> float:
    return float(statistics.median(values))
