"""The figures that a monitor reads, in the text format of Prometheus: numbers alone, and nobody's name."""

from collections.abc import Iterable
from typing import Any, Final

from undersigned.kit import database
from undersigned.kit.caching import Shelf
from undersigned.letters import states
from undersigned.open_data import queues

KEPT_SECONDS = 15
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
shelf: Shelf[str] = Shelf(KEPT_SECONDS)
Sample = tuple[dict[str, Any], float]


async def text() -> str:
    """All of them, as they were at most some seconds ago."""
    return await shelf.get("", _text)


async def _text() -> str:
    waiting = await queues.all_of_them()
    counted = {row["state"]: row["many"] for row in await database.fetch(_LETTERS)}
    letters = [({"state": state}, counted.get(state, 0)) for state in states.WORDS]
    attempts = [(row, row.pop("many")) for row in await database.fetch(_ATTEMPTS)]
    return "".join(
        [
            _gauge("letters", "Letters by state.", letters),
            _gauge("deliveries", "Attempts to deliver on record, by way, mode and outcome.", attempts),
            _gauge("queue_waiting", "What waits in a queue.", [({"queue": q.name}, q.waits) for q in waiting]),
            _gauge(
                "queue_oldest_seconds",
                "For how long the oldest that could have left has waited.",
                [({"queue": q.name}, round(q.oldest, 1)) for q in waiting],
            ),
        ]
    )


_LETTERS: Final = "SELECT state, count(*) AS many FROM letter GROUP BY state"
_ATTEMPTS: Final = """
    SELECT channel, mode, CASE outcome WHEN '' THEN 'under_way' ELSE outcome END AS outcome, count(*) AS many
    FROM delivery GROUP BY channel, mode, outcome ORDER BY channel, mode, outcome
"""


def _gauge(name: str, about: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP undersigned_{name} {about}", f"# TYPE undersigned_{name} gauge"]
    for labels, value in samples:
        told = ",".join(f'{label}="{word}"' for label, word in labels.items())
        lines.append(f"undersigned_{name}{{{told}}} {value}")
    return "\n".join(lines) + "\n"
