"""Every text that a template letter has had: the one that holds now, and those that letters were written with."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.letters import front_matter, template
from undersigned.letters.tables import Letter, LetterVersion
from undersigned.letters.template import LetterTemplate

NAME = front_matter.NAME
_FINGERPRINT = re.compile(r"[0-9a-f]{12}")
_ROW = re.compile(r"[0-9]{1,9}")


def shipped_names() -> list[str]:
    """The letters that came with this installation."""
    return sorted(path.parent.name for path in template.FOLDER.glob("*/letter.md"))


def shipped(name: str) -> LetterVersion | None:
    """The letter of that name as it stands in its folder: a row that is not kept yet."""
    folder = template.FOLDER / name
    if not NAME.fullmatch(name) or not (folder / "letter.md").is_file():
        return None
    source = _read(folder / "letter.md")
    return LetterVersion(
        id=None,
        name=name,
        version=template.fingerprint(source),
        source=source,
        sample=_read(folder / "sample.toml") if (folder / "sample.toml").is_file() else "",
        note="Shipped with Undersigned",
        origin="shipped",
        created_at=datetime.fromtimestamp((folder / "letter.md").stat().st_mtime, UTC),
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def mark(version: LetterVersion) -> str:
    """What tells one text from the next: the number of its row, or the fingerprint of a shipped one."""
    return str(version.id) if version.id else str(version.version)


async def current(name: str) -> LetterVersion:
    """The text that holds now: what staff saved last, else the shipped one. Raises Missing."""
    saved = LetterVersion.objects().where(LetterVersion.name == name, LetterVersion.is_current.eq(True))
    found = await saved.first() or shipped(name)
    if found is None:
        raise Missing(f"There is no letter called {name[:60]}.")
    return found


async def load(name: str) -> LetterTemplate:
    """The letter of that name as it is written now. Raises Missing, or BadLetter when its file has a mistake."""
    return parsed(await current(name))


async def used(name: str) -> LetterTemplate:
    """As :func:`load`, for a letter that will be sent: its text is kept, whatever becomes of the file."""
    found = await current(name)
    await keep(found)
    return parsed(found)


def parsed(version: LetterVersion) -> LetterTemplate:
    """The letter that a text describes. Raises BadLetter or BadField."""
    return _parsed(version.name, version.source)


@lru_cache(maxsize=128)
def _parsed(name: str, source: str) -> LetterTemplate:
    return template.parse(name, source)


async def keep(version: LetterVersion) -> None:
    """Remember a shipped text before its file may change; a text that is kept already stays as it is."""
    same = (LetterVersion.name == version.name, LetterVersion.version == version.version)
    if version.id or await LetterVersion.exists().where(*same, LetterVersion.origin == "shipped"):
        return
    await database.execute(
        """INSERT INTO letter_version (name, version, source, sample, note, origin, is_current, created_at)
           VALUES ($1, $2, $3, $4, $5, 'shipped', false, $6) ON CONFLICT DO NOTHING""",
        version.name,
        version.version,
        version.source,
        version.sample,
        version.note,
        version.created_at,
    )


async def find(name: str, key: str) -> LetterVersion:
    """One text by its :func:`mark`, or by the fingerprint that a letter carries. Raises Missing."""
    of_name = LetterVersion.objects().where(LetterVersion.name == name)
    found, file = None, shipped(name)
    if _FINGERPRINT.fullmatch(key):
        found = (
            await of_name.where(LetterVersion.version == key).order_by(LetterVersion.id, ascending=False).first()
        )
        found = found or (file if file and file.version == key else None)
    elif _ROW.fullmatch(key):
        found = await of_name.where(LetterVersion.id == int(key)).first()
    if found is None:
        raise Missing("This version of the letter was not kept.")
    return found


async def behind(letter: Letter) -> tuple[LetterVersion | None, LetterVersion | None]:
    """The text that somebody's letter was written with, and the one that holds now; None for what is not kept."""
    try:
        before: LetterVersion | None = await find(letter.template, letter.template_version)
    except Missing:
        before = None
    try:
        return before, await current(letter.template)
    except Missing:
        return before, None


async def everything() -> Sequence[LetterVersion]:
    """The text of every letter that there is, by name; archived ones too."""
    saved = {
        version.name: version for version in await LetterVersion.objects().where(LetterVersion.is_current.eq(True))
    }
    files = {name: version for name in shipped_names() if (version := shipped(name))}
    return [both[name] for both in [files | saved] for name in sorted(both)]


def title_of(version: LetterVersion) -> str:
    """What staff call it; a text with a mistake goes by its name."""
    try:
        return parsed(version).title
    except Refused:
        return str(version.name)
