"""Killing web processes and PostgreSQL in the middle of it loses nobody who was told that they have signed."""

from pathlib import Path

from installation import Site
from journey import crashes


async def test_whoever_was_told_so_has_signed_and_is_counted_though_web_and_postgresql_were_killed(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path / "var", WEB_PROCESSES="2")
    site.start()
    try:
        signing, confirming = await crashes.under_blows(site, rounds=1, many=100_000)
        assert min(len(signing.acknowledged), len(confirming.numbers)) > 20
        assert signing.turned_away + confirming.turned_away > 0, "Nothing was hit: the blows came too late."
        await crashes.check(site, signing, confirming)
    finally:
        site.stop()
