"""Many letters in one PDF to be handed in: a cover sheet for each reader, the pages numbered through.

It is laid out a few letters at a time, so that its memory hardly grows with its length. A bundle is for paper:
it has no tags for those who hear a PDF. The PDF of a single letter has them.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, pages, pdf, tokens
from undersigned.kit.errors import Refused
from undersigned.letters import sheet, states
from undersigned.letters.sheet import Sheet
from undersigned.letters.tables import Letter
from undersigned.representatives import corrections
from undersigned.settings import settings
from undersigned.staff import audit

AT_ONCE = 15
"""How many letters are laid out together; fewer cost a little time, more cost memory."""
PURPOSE = "letter-on-paper"
Progress = Callable[[int, int], None]

_TO_HAND_IN = """
    SELECT l.id, l.confirmed_at, l.name, l.postcode, l.reason, r.id AS reader, r.display_name AS mp,
        c.name AS constituency
    FROM letter l JOIN representative r ON r.id = l.representative
    JOIN constituency c ON c.gss_code = l.constituency
    JOIN membership m ON m.id = l.membership AND m.ended_on IS NULL
    WHERE l.campaign = $1 AND ($2::int IS NULL OR r.id = $2) AND l.channel = $3 AND l.confirmed_at IS NOT NULL
      AND (l.state = 'ready' OR l.state = 'held' AND
           (l.reason = ANY($4) OR l.channel = 'email' AND l.resembles IS NULL))
      AND r.contact <> 'opted_out' AND c.closed_reason = '' AND l.paragraphs <> '[]'
    ORDER BY c.name, r.id, l.confirmed_at, l.id
"""


class NothingToHandIn(Refused):
    """No letter waits to be handed in."""


@dataclass(frozen=True)
class Bundle:
    """What was put together."""

    letter_ids: tuple[int, ...]
    readers: int
    pages: int
    first_pages: dict[int, int] = field(default_factory=dict)
    """On which page each letter begins."""


@dataclass(frozen=True)
class Cover:
    """The sheet that stands before the letters to one reader."""

    title: str
    reader: str
    about: str
    when: str
    more: str
    foot: str
    writers: tuple[dict[str, Any], ...] = ()
    agreed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Group:
    """The letters to one reader, by their ids."""

    constituency: str
    ids: tuple[int, ...]
    first_at: datetime
    last_at: datetime


async def bundle(
    campaign: Campaign, file: Path, which: str = "", progress: Progress | None = None, staff_id: int | None = None
) -> Bundle:
    """Write the confirmed letters of a campaign that go on paper to ``file``, and that it was done to the audit.

    ``which`` narrows them to one reader, by seat or name. Nothing about the letters changes. Raises
    NothingToHandIn, NotOneMember, or PdfUnavailable.
    """
    return await write(campaign, await to_hand_in(campaign, which), file, progress, staff_id)


async def to_hand_in(campaign: Campaign, which: str = "") -> list[dict[str, Any]]:
    """As :func:`waiting`, with the reader by seat or name. Raises NothingToHandIn or NotOneMember."""
    rows = await waiting(campaign, await reader_of(which))
    if not rows:
        to = f" to {which}" if which else ""
        raise NothingToHandIn(f"No confirmed letter{to} of “{campaign.title}” waits to go on paper.")
    return rows


async def reader_of(which: str) -> int | None:
    """The reader whom a seat or a name means; None for all of them. Raises NotOneMember."""
    return (await corrections.find(which)).representative if which else None


async def waiting(campaign: Campaign, reader: int | None = None) -> list[dict[str, Any]]:
    """The confirmed letters of a campaign that go on paper, to all readers or one, in a bundle's order."""
    return await database.fetch(_TO_HAND_IN, campaign.id, reader, "post", list(states.FOR_PAPER))


async def by_email(campaign: Campaign, reader: int | None = None) -> list[dict[str, Any]]:
    """As :func:`waiting`, the letters that have yet to be e-mailed, and could go on paper instead.

    One that is held because it resembles another is not among them: a person reads that first.
    """
    return await database.fetch(_TO_HAND_IN, campaign.id, reader, "email", list(states.FOR_PAPER))


async def some(letter_ids: list[int]) -> list[dict[str, Any]]:
    """Rows as those of :func:`waiting`, for letters that one has chosen oneself."""
    return await database.fetch(
        """SELECT l.id, l.confirmed_at, l.name, l.postcode, r.id AS reader, r.display_name AS mp,
               c.name AS constituency
           FROM letter l JOIN representative r ON r.id = l.representative
           JOIN constituency c ON c.gss_code = l.constituency
           WHERE l.id = ANY($1) ORDER BY c.name, r.id, l.confirmed_at, l.id""",
        letter_ids,
    )


async def write(
    campaign: Campaign,
    rows: list[dict[str, Any]],
    file: Path,
    progress: Progress | None = None,
    staff_id: int | None = None,
    with_writers: bool = False,
) -> Bundle:
    """Write some of :func:`waiting` to ``file``, and that it was done to the audit. Raises PdfUnavailable.

    Each letter has a mark that the desk can scan; ``with_writers`` lists them behind each cover, and what they
    agreed to, as one wants it for a pack that is handed in.
    """
    made = await lay_out(campaign, rows, file, progress, Paper(marked=True, with_writers=with_writers))
    told = {"letters": len(made.letter_ids), "readers": made.readers, "pages": made.pages}
    await audit.record("letters bundled", campaign.slug, after=told, staff_id=staff_id)
    return made


@dataclass(frozen=True)
class Paper:
    """How a bundle is laid out."""

    marked: bool = False
    with_writers: bool = False


async def lay_out(
    campaign: Campaign,
    rows: list[dict[str, Any]],
    file: Path,
    progress: Progress | None = None,
    paper: Paper | None = None,
) -> Bundle:
    """Write letters to ``file``: rows with their ``id``, ``confirmed_at``, ``reader`` and ``constituency``.

    They stand in the order of :func:`waiting`. Raises PdfUnavailable.
    """
    groups = _groups(rows)
    first_pages, many = await _write(
        campaign, groups, file, progress or (lambda done, total: None), paper or Paper()
    )
    return Bundle(tuple(letter_id for group in groups for letter_id in group.ids), len(groups), many, first_pages)


def mark(letter_id: int, campaign_id: int) -> str:
    """What the square on a letter says: the campaign's page for whoever reads it, and for the desk which it is."""
    return f"{settings.base_url}/c/{campaign_id}?l={tokens.address_token(PURPOSE, letter_id)}"


def marked(scanned: str) -> int | None:
    """The letter behind what was scanned, an address or the token in it; None when it is not a mark of ours."""
    return tokens.read_address_token(PURPOSE, scanned.strip().lower().rpartition("l=")[2])


def _groups(rows: list[dict[str, Any]]) -> list[_Group]:
    found = []
    for (constituency, _), group in groupby(rows, key=lambda row: (row["constituency"], row["reader"])):
        letters = list(group)
        moments = [row["confirmed_at"] for row in letters]
        found.append(_Group(constituency, tuple(row["id"] for row in letters), min(moments), max(moments)))
    return found


async def _write(
    campaign: Campaign, groups: list[_Group], file: Path, progress: Progress, paper: Paper
) -> tuple[dict[int, int], int]:
    """Lay out a few letters at a time, each piece to a file of its own, and join them.

    Answers on which page each letter begins, and how many pages there are.
    """
    total, done, next_page = sum(len(group.ids) for group in groups), 0, 1
    first_pages: dict[int, int] = {}
    progress(0, total)
    with tempfile.TemporaryDirectory(prefix="undersigned-bundle-") as folder:
        pieces: list[tuple[Path, str]] = []
        for group, ids in _portions(groups):
            letters = [letter for letter in [await Letter.whole(letter_id) for letter_id in ids] if letter]
            cover = await _cover(campaign, group, letters[0], paper) if ids[0] == group.ids[0] else None
            content = await _piece(campaign, cover, letters, next_page, paper)
            path = Path(folder) / f"{len(pieces):06}.pdf"
            begins, many = await asyncio.to_thread(_keep, content, path)
            first_pages |= {letter_id: next_page + page for letter_id, page in begins.items()}
            next_page += many
            pieces.append((path, f"{letters[0].representative.named}, {group.constituency}" if cover else ""))
            done += len(ids)
            progress(done, total)
        await asyncio.to_thread(_join, pieces, file, f"Letters about {campaign.title}")
    return first_pages, next_page - 1


def _portions(groups: list[_Group]) -> Iterator[tuple[_Group, tuple[int, ...]]]:
    for group in groups:
        for start in range(0, len(group.ids), AT_ONCE):
            yield group, group.ids[start : start + AT_ONCE]


async def _piece(
    campaign: Campaign, cover: Cover | None, letters: list[Letter], first_page: int, paper: Paper
) -> bytes:
    html = pages.render(
        "letters_shared/bundle.html",
        cover=cover,
        letters=[(letter.id, _sheet(letter, paper)) for letter in letters],
        first_page=first_page,
        title=f"Letters about {campaign.title}",
    )
    return await pdf.rendered(html, sheet.SHARED, "letter.css", tagged=False)


def _sheet(letter: Letter, paper: Paper) -> Sheet:
    page = sheet.of(letter).on_paper()
    return replace(page, mark=mark(letter.id, letter.campaign.id)) if paper.marked else page


async def _cover(campaign: Campaign, group: _Group, letter: Letter, paper: Paper) -> Cover:
    many = "One letter" if len(group.ids) == 1 else f"{len(group.ids):,} letters"
    first, last = pages.day(group.first_at), pages.day(group.last_at)
    writers = await database.fetch(_WRITERS, list(group.ids)) if paper.with_writers else []
    return Cover(
        title=f"{many} to {letter.representative.named}",
        reader=f"from constituents in {group.constituency}",
        about=f"About “{campaign.title}”, a campaign of {campaign.organiser}.",
        when=f"Confirmed on {first}." if first == last else f"Confirmed between {first} and {last}.",
        more=f"The campaign: {settings.base_url.split('://', 1)[-1]}/c/{campaign.id}",
        foot=f"{letter.representative.named}: {many.lower()} about {campaign.title}",
        writers=tuple(writers),
        agreed=tuple(dict.fromkeys(writer["agreed"] for writer in writers)),
    )


_WRITERS = """
    SELECT l.name, l.postcode, l.confirmed_at, w.text AS agreed
    FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (id, place) JOIN letter l ON l.id = asked.id
    JOIN wording w ON w.id = l.wording ORDER BY asked.place
"""


def _keep(content: bytes, path: Path) -> tuple[dict[int, int], int]:
    """Put a piece aside; on which of its pages each letter begins, counted from nought, and how many it has."""
    from pypdf import PdfReader

    path.write_bytes(content)
    read = PdfReader(path)
    begins = {
        int(entry.title): read.get_destination_page_number(entry) or 0
        for entry in read.outline
        if not isinstance(entry, list) and entry.title
    }
    return begins, len(read.pages)


def _join(pieces: list[tuple[Path, str]], file: Path, title: str) -> None:
    """One PDF of all the pieces, with a bookmark for each reader; a half-written one never has the name."""
    from pypdf import PdfWriter

    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with PdfWriter() as writer:
            writer.add_metadata({"/Title": title})
            for path, bookmark in pieces:
                first = len(writer.pages)
                writer.append(path, import_outline=False)
                if bookmark:
                    writer.add_outline_item(title=bookmark, page_number=first)
            writer.write(unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
