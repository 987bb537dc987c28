"""Pictures that people send: drawn again from their bare pixels, and kept by digest beside their endorsement.

What is kept is a file that we made ourselves, so nothing of where or with what a photo was taken comes through,
nor anything that hides behind the pixels.
"""

import asyncio
import hashlib
import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused

MOST_BYTES: Final = 8_000_000
MOST_PIXELS: Final = {"JPEG": 60_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG is decoded at a fraction of its size; the others come whole into memory, four or eight bytes a pixel."""
_PLAIN: Final = {"L", "RGB", "RGBA"}
LEAST_SIDE: Final = 64
LARGEST: Final = 512
QUALITY: Final = 80
MEDIA_TYPE: Final = "image/webp"
_one_at_a_time = asyncio.Semaphore(1)
_LOCK: Final = "hashtextextended('pictures', 0)"


class NotAPicture(Refused):
    """Nothing that we can draw, or more of it than we want to."""


@dataclass(frozen=True)
class Drawn:
    """A picture as it is kept."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """What it is known by."""
        return hashlib.sha256(self.content).hexdigest()


async def draw(sent: bytes) -> Drawn:
    """What was sent, drawn again: WebP, at most 512 px on its longer side, the right way up. Raises NotAPicture.

    One at a time in each process, so that a crowd of huge pictures waits and does not fill the memory.
    """
    if len(sent) > MOST_BYTES:
        raise NotAPicture(f"Choose a picture of at most {MOST_BYTES // 1_000_000} MB.")
    async with _one_at_a_time:
        return await asyncio.to_thread(_draw, sent)


def _draw(sent: bytes) -> Drawn:
    # WeasyPrint, once it is imported, has Pillow take what is cut off; our PDFs have no such pictures.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(sent), formats=tuple(MOST_PIXELS)) as picture:
            _check_size(picture)
            picture.draft("RGB", (2 * LARGEST, 2 * LARGEST))
            return _encode(_bare(picture))
    except UnidentifiedImageError as mistake:
        raise NotAPicture("Choose a photo or a logo as JPEG, PNG or WebP.") from mistake
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as mistake:
        raise NotAPicture(_TOO_LARGE) from mistake
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError) as mistake:
        raise NotAPicture("This picture is damaged. Open it, save it again, and choose it once more.") from mistake


_TOO_LARGE = "This picture has more pixels than we can take. Make it smaller, and choose it once more."


def _check_size(picture: Image.Image) -> None:
    """What its head says, before any of it is decoded."""
    width, height = picture.size
    if width * height > MOST_PIXELS[str(picture.format)]:
        raise NotAPicture(_TOO_LARGE)
    if min(width, height) < LEAST_SIDE:
        raise NotAPicture(f"Choose a larger picture: at least {LEAST_SIDE} pixels on each side.")


def _bare(picture: Image.Image) -> Image.Image:
    """Pixels alone on white, upright; a new picture knows nothing of the old one's metadata or colour profile."""
    small = picture if picture.mode in _PLAIN else picture.convert("RGBA")
    small.thumbnail((LARGEST, LARGEST))
    upright = ImageOps.exif_transpose(small).convert("RGBA")
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright.getchannel("A"))
    return sheet


def _encode(sheet: Image.Image) -> Drawn:
    into = io.BytesIO()
    sheet.save(into, "WEBP", quality=QUALITY, method=4)
    return Drawn(into.getvalue(), *sheet.size)


async def keep(picture: Drawn) -> str:
    """Keep it, once however often it came, and answer its digest. Call it in the transaction that names it."""
    await database.fetch(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
    await database.execute(
        """INSERT INTO picture (digest, content, width, height) VALUES ($1, $2, $3, $4)
           ON CONFLICT (digest) DO NOTHING""",
        picture.digest,
        picture.content,
        picture.width,
        picture.height,
    )
    return picture.digest


async def clear_away() -> int:
    """Drop the pictures that no endorsement names any more, and say how many; nobody is keeping one meanwhile."""
    async with database.transaction():
        await database.fetch(f"SELECT pg_advisory_xact_lock({_LOCK})")
        return await database.execute(
            "DELETE FROM picture p WHERE NOT EXISTS (SELECT FROM endorsement e WHERE e.picture = p.digest)"
        )


async def shown(digest: str) -> bytes:
    """A picture that everybody may see: one that is beside an endorsement on a public page. Raises Missing."""
    return await _content(
        """SELECT content FROM picture WHERE digest = $1 AND EXISTS (
               SELECT FROM endorsement e JOIN campaign c ON c.id = e.campaign
               WHERE e.picture = digest AND e.state = 'shown' AND c.state IN ('open', 'closed', 'archived'))""",
        digest,
    )


async def of(endorsement_id: int, campaign_id: int | None = None) -> bytes:
    """The picture of one endorsement in any state; of that campaign alone when one is given. Raises Missing."""
    return await _content(
        """SELECT p.content FROM picture p JOIN endorsement e ON e.picture = p.digest
           WHERE e.id = $1 AND ($2::int IS NULL OR e.campaign = $2)""",
        endorsement_id,
        campaign_id,
    )


async def _content(question: str, *values: object) -> bytes:
    row = await database.fetch_one(question, *values)
    if row is None:
        raise Missing("This picture is not shown any more.")
    return bytes(row["content"])
