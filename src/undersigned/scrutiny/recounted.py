"""What the nightly count found to differ, as the desk shows it: reads only."""

from typing import Any, Final

from undersigned.scrutiny import discounted
from undersigned.signatures.comparing import KINDS
from undersigned.signatures.forms import COUNTRIES

MOST_SHOWN: Final = 20


async def shown(campaign_id: int, drift: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first that differ, each with ``what`` and ``of`` in words."""
    names = await discounted.names(campaign_id)
    chapters = {str(key): name for key, name in names.chapters.items()}
    known: dict[str, dict[str, str]] = {
        "constituency": names.seats,
        "country": dict(COUNTRIES),
        "chapter": chapters,
        "chapter count": chapters,
        "came": {"": "no channel"},
        "source": {"": "no channel"},
    }
    rows = drift[:MOST_SHOWN]
    return [
        row | {"what": KINDS[row["kind"]], "of": _words(known.get(row["kind"], {}), row["key"])} for row in rows
    ]


def _words(known: dict[str, str], key: str) -> str:
    """A key as people say it; an hour as 2026-11-21, from 09 (UTC)."""
    day, hour, rest = key[:10], key[11:13], key[13:]
    is_hour = key[10:11] == "T" and hour.isdigit() and not rest
    return known.get(key, f"{day}, from {hour} (UTC)" if is_hour else key)
