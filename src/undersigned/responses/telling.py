"""What a writer tells us of an answer that came another way: on paper, by telephone, or into their own mailbox.

It is reported and not observed, so it lies in rows of its own and is counted apart.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.responses import attachments, following_up
from undersigned.responses.attachments import File, Listed
from undersigned.responses.forms import TellForm
from undersigned.responses.tables import ToldReply
from undersigned.supporters import consents

MOST_BYTES = 10_000_000
MOST_FILES = 5
MOST_TOLD = 10
WAYS = {
    "post": "By post",
    "email": "By e-mail",
    "phone": "By telephone",
    "person": "In person, such as at a surgery",
}
KINDS = {"answer": "A real answer", "acknowledgement": "Only an acknowledgement"}
TO_BE_SHOWN = (
    "I agree that the campaign may show the words of this answer in public. My name and address, and whatever "
    "else says who I am, are taken out first. I can take this back at any time on my letter’s page."
)
SHAPES = [
    (0, b"%PDF-", "application/pdf", "pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (8, b"WEBP", "image/webp", "webp"),
    (4, b"ftypheic", "image/heic", "heic"),
    (4, b"ftypheix", "image/heic", "heic"),
    (4, b"ftypmif1", "image/heic", "heic"),
]
"""How a file begins that we take, at which byte, and what it is then: what its sender calls it is not believed."""


class NotTaken(Refused):
    """A file that is neither a PDF nor a photo, or too much of it."""


@dataclass(frozen=True)
class Told:
    """One answer as its writer told it."""

    id: int
    kind_words: str
    way_words: str
    text: str
    may_show: bool
    at: datetime
    files: list[Listed]


async def tell(letter_id: int, form: TellForm, uploads: list[tuple[str, bytes]]) -> None:
    """Keep what came, with its files, and ask no more. Raises NotTaken, or Missing for a letter not sent."""
    letter = await following_up.letter_that_went(letter_id)
    files = [_file(name, content) for name, content in uploads if content]
    if sum(len(file.content) for file in files) > MOST_BYTES or len(files) > MOST_FILES:
        raise NotTaken(f"Choose at most {MOST_FILES} files of together no more than {MOST_BYTES // 1_000_000} MB.")
    wording = await consents.wording_id(TO_BE_SHOWN) if form.may_show else None
    async with database.transaction():
        await database.fetch("SELECT id FROM letter WHERE id = $1 FOR UPDATE", letter.id)
        if await ToldReply.count().where(ToldReply.letter == letter.id) >= MOST_TOLD:
            raise NotTaken("You have told us of ten answers to this letter. Remove one first.")
        told = ToldReply(
            letter=letter.id,
            kind=form.kind,
            came_by=form.came_by,
            text=form.text,
            may_show=form.may_show,
            wording=wording,
            told_at=datetime.now(UTC),
        )
        await told.save()
        await attachments.keep(files, told=told.id)
        await following_up.note(letter.id, form.kind)


def _file(name: str, content: bytes) -> File:
    for at, mark, kind, ending in SHAPES:
        if content[at : at + len(mark)] == mark:
            stem = attachments.safe_name(name).rpartition(".")[0] or "answer"
            return File(attachments.safe_name(f"{stem}.{ending}"), kind, content)
    raise NotTaken("Choose a PDF or a photo: JPEG, PNG, WebP or HEIC.")


async def of_letter(letter_id: int) -> list[Told]:
    """What its writer told us, oldest first."""
    rows = await ToldReply.objects().where(ToldReply.letter == letter_id).order_by(ToldReply.id)
    files = await attachments.of_told([row.id for row in rows])
    return [
        Told(row.id, KINDS[row.kind], WAYS[row.came_by], row.text, row.may_show, row.told_at, files[row.id])
        for row in rows
    ]


async def remove(letter_id: int, told_id: int) -> None:
    """Take it back, files and all. Raises Missing."""
    async with database.transaction():
        if not await ToldReply.exists().where(ToldReply.id == told_id, ToldReply.letter == letter_id):
            raise Missing("This has been removed already.")
        await database.execute("DELETE FROM attachment WHERE told = $1", told_id)
        await database.execute("DELETE FROM told_reply WHERE id = $1", told_id)
    await attachments.clear_away()


async def stop_showing(letter_id: int, told_id: int) -> None:
    """Its words are shown no more; twice is once."""
    await database.execute(
        "UPDATE told_reply SET may_show = false WHERE id = $1 AND letter = $2", told_id, letter_id
    )
