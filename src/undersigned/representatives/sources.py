"""Where a list comes from: a CSV on disk, a CSV at an address, or Parliament's Members API."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from undersigned.postcodes import index
from undersigned.representatives import lists, members_api, placing
from undersigned.representatives.fetching import PAUSE, Fetcher, Kept, SourceStrange
from undersigned.representatives.lists import Line
from undersigned.representatives.members_api import Progress


def is_address(source: str) -> bool:
    """Whether ``source`` is to be fetched, and is not a file."""
    return source.startswith(("http://", "https://"))


async def read(
    source: str,
    columns: Mapping[str, str] | None = None,
    pause: float = PAUSE,
    progress: Progress | None = None,
) -> list[Line]:
    """The lines of a list, wherever it is; nothing is written but what was fetched.

    Raises NotAMemberList, SourceStrange or SourceAway; what was fetched until then is kept and not asked for
    again.
    """
    if not is_address(source):
        return lists.read(Path(source), columns)
    kept = Kept(members_api.folder(), source)
    with Fetcher(pause) as fetcher:
        if urlsplit(source).path.lower().endswith(".csv"):
            return await asyncio.to_thread(_csv, source, columns, kept, fetcher)
        return await _from_api(members_api.base(source), kept, fetcher, progress)


def forget() -> None:
    """What was fetched has been applied."""
    Kept(members_api.folder(), "").forget()


def _csv(source: str, columns: Mapping[str, str] | None, kept: Kept, fetcher: Fetcher) -> list[Line]:
    body = fetcher.get(source)
    if body is None:
        raise SourceStrange("There is no list at that address.")
    kept.put("list.csv", body)
    return lists.read(kept.folder / "list.csv", columns)


async def _from_api(url: str, kept: Kept, fetcher: Fetcher, progress: Progress | None) -> list[Line]:
    answers = await asyncio.to_thread(members_api.fetch, url, kept, fetcher, progress)
    placed = await placing.place(answers.seats)
    if len(placed) < len(answers.seats):
        placed = await asyncio.to_thread(
            placing.by_postcode,
            answers.seats,
            placed,
            index.current(),
            lambda postcode: members_api.seat_of_postcode(url, postcode, fetcher),
        )
    placing.check(answers.seats, placed)
    lines = [members_api.line_of(seat, placed[seat.id], answers.contacts) for seat in answers.seats]
    lists.check(lines, "The Members API")
    return lines
