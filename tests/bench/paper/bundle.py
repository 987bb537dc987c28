"""A bundle of so many letters, written by a process of its own that says how much memory it took.

Run as ``python -m bench.paper.bundle 500 FILE`` on a database that nobody else uses; it prints one JSON object.
"""

import asyncio
import json
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.paper import words

READERS = 8
PAGE = 4096


def _resident() -> float:
    """Megabytes that this process holds now; nothing where /proc does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6
    except OSError:
        return 0.0


class Watch:
    """The most memory that was held while it watched."""

    def __init__(self) -> None:
        self.most = _resident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.most = max(self.most, _resident())

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


async def measured(many: int, file: Path) -> dict[str, Any]:
    """Write the letters, lay one out so that everything is loaded, and bundle them all."""
    import make
    from undersigned.kit import database, migrating
    from undersigned.letters import bundling, sheet

    await migrating.migrate()
    await database.connect()
    try:
        campaign = await make.campaign(title="Our Street Too")
        codes = [f"E1400{1000 + number}" for number in range(READERS)]
        mps = [
            await make.mp(code, f"Bury {code[-2:]}", contact="post", email="", display_name=f"Harriet Vale {code}")
            for code in codes
        ]
        now = datetime.now(UTC)
        for number in range(many):
            which = number * READERS // many
            await make.letter(
                campaign=campaign,
                representative=mps[which],
                constituency=codes[which],
                channel="post",
                state="ready",
                sent_at=None,
                confirmed_at=now,
                name=f"Amina Rahman {number}",
                paragraphs=json.dumps(words.parts(number)),
            )
        await sheet.of(await _whole()).as_pdf()
        before, began = _resident(), time.perf_counter()
        with Watch() as watch:
            made = await bundling.bundle(campaign, file)
        seconds = time.perf_counter() - began
    finally:
        await database.disconnect()
    grown = watch.most - before if before else None
    return {
        "letters": len(made.letter_ids),
        "pages": made.pages,
        "seconds": seconds,
        "grown": grown,
        "held": watch.most or None,
        "bytes": file.stat().st_size,
    }


async def _whole() -> Any:
    from undersigned.letters.tables import Letter

    letter = await Letter.whole(1)
    assert letter is not None
    return letter


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(int(sys.argv[1]), Path(sys.argv[2])))))
