"""What came back, passed on to the person who wrote: under our own name, never forwarded as it was.

Forwarding a mail verbatim breaks its sender's DMARC, so the words go into an e-mail of ours with the office
as Reply-To.
"""

from undersigned.kit import mail
from undersigned.kit.outbox import Composed, composes
from undersigned.letters import writing
from undersigned.letters.tables import Letter
from undersigned.responses import reading
from undersigned.responses.tables import Response
from undersigned.responses.wording import KIND_WORDS
from undersigned.settings import settings

KIND = "reply"
NO_WORDS = "(The mail has no text of its own.)"


@composes(KIND)
async def write_reply(response_id: int) -> Composed | None:
    """The e-mail that brings a reply; None when the letter or the reply has been erased meanwhile."""
    response = await Response.objects().where(Response.id == response_id).first()
    letter = await Letter.whole(response.letter) if response else None
    if response is None or letter is None or letter.state == "scrubbed":
        return None
    return Composed(
        "responses/emails/reply",
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "kind_words": KIND_WORDS[response.kind],
            "text": response.text or NO_WORDS,
            "letter_url": writing.url_of(letter.id),
        },
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
        | _reply_to(response.from_address),
        sender=_under_our_name(response.from_name or letter.representative.named),
    )


def _reply_to(address: str) -> dict[str, str]:
    """The office's address, when it is one that a header can carry."""
    usable = address.isascii() and reading.ADDRESS.fullmatch(address)
    return {"Reply-To": address} if usable else {}


def _under_our_name(name: str) -> str:
    return str(mail.mailbox(f"{name} via {settings.site_name}", mail.our_address()))
