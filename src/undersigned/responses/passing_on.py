"""What came back, passed on to the person who wrote: under our own name, never forwarded as it was.

Forwarding a mail verbatim breaks its sender's DMARC, so the words go into an e-mail of ours with the office
as Reply-To. Files go along as far as a mailbox takes them; the others are named, and wait beside the letter.
"""

from undersigned.delivery import addresses
from undersigned.kit import mail
from undersigned.kit.outbox import Composed, Enclosed, composes
from undersigned.letters import writing
from undersigned.letters.tables import Letter
from undersigned.responses import attachments, reading
from undersigned.responses.attachments import Listed
from undersigned.responses.tables import Response
from undersigned.responses.wording import KIND_WORDS
from undersigned.settings import settings

KIND = "reply"
NO_WORDS = "(The mail has no text of its own.)"
MOST_ENCLOSED = 10_000_000
"""Bytes of all files together; with a third more for base64 that is what every mailbox takes."""
AS_THEY_ARE = {"application", "audio", "image", "text", "video"}
MAY_RUN = frozenset(
    (
        *(
            "app",
            "apk",
            "bat",
            "chm",
            "cmd",
            "com",
            "cpl",
            "dll",
            "dmg",
            "exe",
            "hta",
            "htm",
            "html",
            "img",
            "iso",
        ),
        *("jar", "js", "jse", "lnk", "mht", "msc", "msi", "msp", "ps1", "reg", "scr", "sh", "svg", "url", "vb"),
        *("vbe", "vbs", "vhd", "wsf", "xhtml", "xll"),
    )
)
"""Endings of what runs when it is opened: that is for nobody to find in a mail from us."""


@composes(KIND)
async def write_reply(response_id: int) -> Composed | None:
    """The e-mail that brings a reply; None when it has been erased meanwhile, or would come back to ourselves.

    One that comes when the letter's own text is gone is brought all the same: offices can be slow.
    """
    response = await Response.objects().where(Response.id == response_id).first()
    letter = await Letter.whole(response.letter) if response else None
    if response is None or letter is None or _nothing_to_bring(response) or addresses.letter_of(letter.email):
        return None
    enclosed, named = _shared_out((await attachments.of_responses([response_id]))[response_id])
    return Composed(
        "responses/emails/reply",
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "kind_words": KIND_WORDS[response.kind],
            "text": response.text or NO_WORDS,
            "letter_url": writing.url_of(letter.id),
            "enclosed": enclosed,
            "named": named,
        },
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
        | _reply_to(response.from_address),
        sender=_under_our_name(response.from_name or letter.representative.named),
        files=tuple([await _enclose(letter.id, listed) for listed in enclosed]),
    )


def _nothing_to_bring(response: Response) -> bool:
    """Whether its words were deleted while the e-mail waited."""
    return not (response.text or response.subject or response.from_address)


def _shared_out(files: list[Listed]) -> tuple[list[Listed], list[Listed]]:
    """Those that go along, in their order as long as there is room, and those that are only named."""
    enclosed: list[Listed] = []
    for file in files:
        room = MOST_ENCLOSED - sum(one.size for one in enclosed)
        if file.size <= room and file.name.rpartition(".")[2].lower() not in MAY_RUN:
            enclosed.append(file)
    return enclosed, [file for file in files if file not in enclosed]


async def _enclose(letter_id: int, listed: Listed) -> Enclosed:
    file = await attachments.of_letter(letter_id, listed.id)
    known = file.type.partition("/")[0] in AS_THEY_ARE
    return Enclosed(file.name, file.type if known else attachments.UNKNOWN_TYPE, file.content)


def _reply_to(address: str) -> dict[str, str]:
    """The office's address, when it is one that a header can carry."""
    usable = address.isascii() and reading.ADDRESS.fullmatch(address)
    return {"Reply-To": address} if usable else {}


def _under_our_name(name: str) -> str:
    return str(mail.mailbox(f"{name} via {settings.site_name}", mail.our_address()))
