"""Five minutes of signing and confirming under blows.

``.venv/bin/python -m pytest -s tests/bench/chaos_signing.py``
"""

from pathlib import Path

from installation import Site
from journey import crashes

ROUNDS = 20


async def test_nobody_is_lost_in_five_minutes_of_killing(tmp_path: Path) -> None:
    site = Site(tmp_path / "var", WEB_PROCESSES="2")
    site.start()
    try:
        signing, confirming = await crashes.under_blows(site, ROUNDS, many=10_000_000)
        print(f"{len(signing.acknowledged)} signed, {len(confirming.numbers)} were told their number")
        await crashes.check(site, signing, confirming)
    finally:
        site.stop()
