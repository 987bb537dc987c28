"""What was attached: kept by digest, known by its name, its type and its size, and never opened here.

Files lie in PostgreSQL, so that every node has them, a backup holds them, and what an office sends to a thousand
people is kept once.
"""

import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import islice
from urllib.parse import quote

from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.responses import bodies
from undersigned.responses.tables import Attachment

MOST_FILES = 50
MOST_PARTS = 1_000
LONGEST_NAME = 120
PLAIN_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class File:
    """A file with its bytes."""

    name: str
    type: str
    content: bytes

    @property
    def digest(self) -> str:
        """What it is known by."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Listed:
    """A file as a page names it."""

    id: int
    name: str
    type: str
    size: int

    @property
    def size_words(self) -> str:
        """Its size as people say it."""
        if self.size < 1_000_000:
            return f"{max(1, round(self.size / 1_000))} KB"
        return f"{self.size / 1_000_000:.1f} MB"


def found_in(message: EmailMessage) -> list[File]:
    """The files of a mail, at most fifty, in the order in which they come; its words are none of them."""
    leaves = islice(message.walk(), MOST_PARTS)
    return [_file(part) for part in islice(filter(_is_file, leaves), MOST_FILES)]


def _is_file(part: EmailMessage) -> bool:
    """Whatever is not the mail's own text, nor a frame around other parts."""
    kind = part.get_content_type()
    if kind.startswith(("multipart/", "message/")) or part.is_multipart():
        return False
    named = part.get_content_disposition() == "attachment" or bool(_name_of(part))
    return named or not kind.startswith("text/")


def _name_of(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (LookupError, ValueError, AttributeError, TypeError):
        return ""


def _file(part: EmailMessage) -> File:
    content = part.get_payload(decode=True)
    return File(
        safe_name(_name_of(part)),
        safe_type(part.get_content_type()),
        content if isinstance(content, bytes) else b"",
    )


def safe_name(name: str) -> str:
    """A name that is no path, holds nothing invisible, and keeps its ending when it must be shortened."""
    last = re.split(r"[/\\]", bodies.clean(name))[-1]
    bare = re.sub(r"\s+", " ", re.sub(r'[\x00-\x1f<>:"|?*]', "", last)).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    if len(bare) > LONGEST_NAME and dot and len(ending) < 10:
        bare = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return bare[:LONGEST_NAME] or "file"


def safe_type(told: str) -> str:
    """A type as its sender tells it, if it is one at all."""
    return told.lower() if PLAIN_TYPE.fullmatch(told.lower()) else UNKNOWN_TYPE


async def keep(files: list[File], *, response: int | None = None, told: int | None = None) -> None:
    """Keep the files of what came back, or of what its writer told us. Call it in its transaction."""
    for file in sorted(files, key=lambda one: one.digest):
        await database.execute(_KEEP_BYTES, file.digest, file.content)
    for file in files:
        await Attachment(
            response=response,
            told=told,
            digest=file.digest,
            name=file.name,
            type=file.type,
            size=len(file.content),
        ).save()


# Touching the row keeps it from being cleared away until we have said that we need it.
_KEEP_BYTES = """
    INSERT INTO stored_file (digest, content) VALUES ($1, $2)
    ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest
"""


async def of_responses(response_ids: list[int]) -> dict[int, list[Listed]]:
    """The files of each of these responses, in their order."""
    rows = await database.fetch(
        "SELECT id, response, name, type, size FROM attachment WHERE response = ANY($1) ORDER BY id", response_ids
    )
    return {one: [_listed(row) for row in rows if row["response"] == one] for one in response_ids}


async def of_told(told_ids: list[int]) -> dict[int, list[Listed]]:
    """As :func:`of_responses`, of what writers told us."""
    rows = await database.fetch(
        "SELECT id, told, name, type, size FROM attachment WHERE told = ANY($1) ORDER BY id", told_ids
    )
    return {one: [_listed(row) for row in rows if row["told"] == one] for one in told_ids}


def _listed(row: dict[str, object]) -> Listed:
    return Listed(int(str(row["id"])), str(row["name"]), str(row["type"]), int(str(row["size"])))


async def of_letter(letter_id: int, attachment_id: int, observed: bool = True) -> File:
    """One file of what came back to this letter; only of what its writer told us unless ``observed``.

    Raises Missing.
    """
    row = await database.fetch_one(
        """SELECT a.name, a.type, f.content FROM attachment a JOIN stored_file f ON f.digest = a.digest
           LEFT JOIN response r ON r.id = a.response LEFT JOIN told_reply t ON t.id = a.told
           WHERE a.id = $2 AND coalesce(r.letter, t.letter) = $1 AND ($3 OR a.told IS NOT NULL)""",
        letter_id,
        attachment_id,
        observed,
    )
    if row is None:
        raise Missing("This file is no longer here. What comes back is deleted with the letter’s text.")
    return File(row["name"], row["type"], row["content"])


def headers(file: File) -> dict[str, str]:
    """It is saved and never shown: whatever it holds, it must not run beneath our address (RFC 6266)."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", file.name)
    return {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }


async def drop_of(letter_ids: list[int]) -> None:
    """Forget every file of these letters; the bytes go with :func:`clear_away`."""
    await database.execute(
        """DELETE FROM attachment WHERE told IN (SELECT id FROM told_reply WHERE letter = ANY($1))
           OR response IN (SELECT id FROM response WHERE letter = ANY($1))""",
        letter_ids,
    )


async def clear_away() -> int:
    """Drop the bytes that nothing names any more, and say how many files that was."""
    return await database.execute(
        "DELETE FROM stored_file f WHERE NOT EXISTS (SELECT FROM attachment a WHERE a.digest = f.digest)"
    )
