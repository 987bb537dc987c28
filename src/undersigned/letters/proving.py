"""Whether a writer has shown within a day that the mailbox they gave is theirs, and what they may write next."""

from datetime import UTC, datetime, timedelta

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, tokens
from undersigned.letters.tables import Letter
from undersigned.signatures.tables import Signature

PROVEN_FOR = timedelta(hours=24)
MOST_OFFERED = 4


async def proves(proof: str, letter: Letter) -> bool:
    """Whether ``proof`` shows the mailbox that ``letter`` is to go out under.

    Its owner has confirmed a signature or another letter: ``proof`` stands only on the page behind that press.
    From there it goes from form to form, and never into an address or a cookie.
    """
    shown = await _signature(proof) or await of_letter(proof)
    return (
        shown is not None
        and shown.email_key == letter.email_key
        and shown.confirmed_at is not None
        and datetime.now(UTC) - shown.confirmed_at < PROVEN_FOR
    )


def by_letter(letter_id: int) -> str:
    """The proof for whoever has just confirmed a letter from the mailbox that its link went to."""
    return tokens.issue("letter-mailbox", letter_id, PROVEN_FOR)


async def of_letter(proof: str) -> Letter | None:
    """The letter that was confirmed, if that is what ``proof`` is about and it is still here."""
    letter_id = _id("letter-mailbox", proof)
    return await Letter.objects().where(Letter.id == letter_id).first() if letter_id is not None else None


async def _signature(proof: str) -> Signature | None:
    signature_id = _id("mailbox", proof)
    if signature_id is None:
        return None
    standing = Signature.id == signature_id, Signature.withdrawn_at.is_null()
    return await Signature.objects().where(*standing).first()


def _id(purpose: str, proof: str) -> int | None:
    try:
        return tokens.read(purpose, proof)
    except (tokens.TokenUnknown, tokens.TokenExpired):
        return None


async def more_to_write(letter: Letter) -> list[Campaign]:
    """Campaigns with a letter that the writer of ``letter`` has not confirmed one for yet, the newest first."""
    rows = await database.fetch(
        "SELECT DISTINCT campaign FROM letter WHERE email_key = $1 AND confirmed_at IS NOT NULL", letter.email_key
    )
    written = {row["campaign"] for row in rows}
    offered = [one for one in await finding.still_open() if one.has_letter and one.is_open and not one.is_over]
    return [one for one in offered if one.id not in written][:MOST_OFFERED]
