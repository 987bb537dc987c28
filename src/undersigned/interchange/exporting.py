"""Letters on their way out, as folders in a zip or on a disk; the audit says that they went."""

from pathlib import Path

from undersigned.interchange import folders
from undersigned.kit import database
from undersigned.letters import versions
from undersigned.letters.tables import LetterVersion
from undersigned.staff import audit

ALL = "all"


async def pack(name: str, staff_id: int | None) -> bytes:
    """A zip of the letter ``name``, or of :data:`ALL`. Raises Missing."""
    packed = folders.pack(await _letters(name))
    await _record(name, staff_id)
    return packed


async def write(name: str, folder: Path, replacing: bool) -> list[Path]:
    """Folders on a disk of the letter ``name``, or of :data:`ALL`. Raises Missing or BadFolder."""
    places = [folders.write(letter, folder, replacing) for letter in await _letters(name)]
    await _record(name, None)
    return places


async def _letters(name: str) -> list[LetterVersion]:
    return list(await versions.everything()) if name == ALL else [await versions.current(name)]


async def _record(name: str, staff_id: int | None) -> None:
    async with database.transaction():
        await audit.record("letter exported", f"template {name}", staff_id=staff_id)
