"""Choosing paper for letters that would be e-mailed: they are posted instead, and never both."""

from collections.abc import Iterable
from typing import Any

from undersigned.delivery import holding


async def put_on_paper(rows: Iterable[dict[str, Any]], staff_id: int | None = None) -> int:
    """Put each of some letters on paper, and answer how many that was; one that has gone by now is left."""
    chosen = 0
    for row in rows:
        try:
            await holding.put_on_paper(row["id"], staff_id)
        except holding.NotForPaper:
            continue
        chosen += 1
    return chosen
