"""Letters as folders, ``<name>/letter.md`` with its ``sample.toml``: in a zip, or on a disk."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from undersigned.editing.checking import LONGEST_SAMPLE, LONGEST_SOURCE
from undersigned.kit.errors import Refused
from undersigned.letters.tables import LetterVersion

LETTER, SAMPLE = "letter.md", "sample.toml"
LARGEST = 500_000
MOST_FILES = 200
BYTES = {LETTER: 4 * LONGEST_SOURCE, SAMPLE: 4 * LONGEST_SAMPLE}
"""A character of UTF-8 has at most four bytes."""
_PLACE = re.compile(r"(?:letters/)?([a-z0-9-]{1,60})/(letter\.md|sample\.toml)")
_IGNORED = re.compile(r"(?:letters/)?(?:[a-z0-9-]{1,60}/)?|__MACOSX/.*|(?:.*/)?\.DS_Store|(?:letters/)?shared/.*")
_OUTSIDE = re.compile(r"^[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)|^[A-Za-z]:|\\")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class BadFolder(Refused):
    """What was given is not letters in their folders; the message says what is wrong with it."""


@dataclass(frozen=True)
class Packed:
    """One letter out of a folder; without a sample of its own ``sample`` is empty."""

    name: str
    source: str
    sample: str


def pack(letters: Iterable[LetterVersion]) -> bytes:
    """A zip of ``letters/<name>/…``: the same letters give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for letter in sorted(letters, key=lambda one: str(one.name)):
            for file, text in ((LETTER, letter.source), (SAMPLE, letter.sample)):
                entry = zipfile.ZipInfo(f"letters/{letter.name}/{file}")
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                bundle.writestr(entry, text.encode())
    return packed.getvalue()


def unpack(packed: bytes) -> list[Packed]:
    """The letters of a zip, by name. Raises BadFolder; nothing of it is ever written to a disk."""
    if len(packed) > LARGEST:
        raise BadFolder(f"The file has {len(packed):,} bytes. There may be at most {LARGEST:,}.")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as bundle:
            return _gathered(_read_all(bundle))
    except _BROKEN as error:
        raise BadFolder(
            "This is not a zip that we can read. Export a letter to see what one looks like."
        ) from error


def _read_all(bundle: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    """Each text with its letter and its file. Sizes are counted as they come: a header can lie."""
    entries = bundle.infolist()
    if len(entries) > MOST_FILES:
        raise BadFolder(f"There are {len(entries):,} files in it. There may be at most {MOST_FILES}.")
    for entry in entries:
        place = _place(entry)
        if place is None:
            continue
        name, file = place
        with bundle.open(entry) as opened:
            yield name, file, _text(f"{name}/{file}", opened.read(BYTES[file] + 1), BYTES[file])


def _place(entry: zipfile.ZipInfo) -> tuple[str, str] | None:
    """The letter and the file that an entry is; None for what is of no account. Raises BadFolder."""
    path = entry.filename
    shown = "".join(letter if letter.isprintable() else "?" for letter in path)[:80]
    if _OUTSIDE.search(path):
        raise BadFolder(f"“{shown}” leads out of the folder. Nothing was taken.")
    if entry.flag_bits & 1:
        raise BadFolder("The zip has a password. Make one without.")
    if stat.S_ISLNK(entry.external_attr >> 16) or entry.compress_type not in {
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    }:
        raise BadFolder(f"“{shown}” is not a plain file. Nothing was taken.")
    place = _PLACE.fullmatch(path)
    if place and place[1] != "shared":
        return place[1], place[2]
    if not _IGNORED.fullmatch(path):
        raise BadFolder(f"“{shown}” does not belong here. A letter is a folder with {LETTER} and {SAMPLE}.")
    return None


def _text(where: str, content: bytes, most: int) -> str:
    if len(content) > most:
        raise BadFolder(f"{where} is too long. There may be at most {most:,} bytes.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFolder(f"{where} is not in UTF-8. Save it as UTF-8 and try again.") from error
    return text.replace("\r\n", "\n")


def _gathered(texts: Iterable[tuple[str, str, str]]) -> list[Packed]:
    """Letters out of their files. Raises BadFolder for a file that is there twice, or one that is missing."""
    found: dict[str, dict[str, str]] = {}
    for name, file, text in texts:
        if file in found.setdefault(name, {}):
            raise BadFolder(f"{name}/{file} is in it twice. Nothing was taken.")
        found[name][file] = text
    for name, files in found.items():
        if LETTER not in files:
            raise BadFolder(f"{name} has no {LETTER}.")
    if not found:
        raise BadFolder(f"There is no letter in it. A letter is a folder with {LETTER} and {SAMPLE}.")
    return [Packed(name, files[LETTER], files.get(SAMPLE, "")) for name, files in sorted(found.items())]


def read(folder: Path) -> list[Packed]:
    """The letter of a folder on a disk, or those of the folders in it. Raises BadFolder."""
    folder = folder.resolve()
    letters = [folder] if (folder / LETTER).is_file() else [path.parent for path in folder.glob(f"*/{LETTER}")]
    paths = [path for letter in letters for path in (letter / LETTER, letter / SAMPLE) if path.is_file()]
    return _gathered((path.parent.name, path.name, _read_file(path)) for path in paths)


def _read_file(path: Path) -> str:
    with path.open("rb") as file:
        most = BYTES[path.name]
        return _text(f"{path.parent.name}/{path.name}", file.read(most + 1), most)


def write(letter: LetterVersion, folder: Path, replacing: bool = False) -> Path:
    """Put a letter into ``folder/<name>/`` and answer that. Raises BadFolder when other texts stand there."""
    place = folder / letter.name
    texts = {place / LETTER: letter.source.encode(), place / SAMPLE: letter.sample.encode()}
    for path, text in texts.items():
        if path.exists() and path.read_bytes() != text and not replacing:
            raise BadFolder(f"{path} says something else. Use --replace to write over it.")
    place.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_bytes(text)
    return place
