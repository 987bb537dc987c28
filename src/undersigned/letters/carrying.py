"""Nobody types anything twice: details carried from a signature, or from a draft, into the letter's form."""

from undersigned.campaigns.tables import Campaign
from undersigned.kit import tokens
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form
from undersigned.letters import elsewhere, proving
from undersigned.letters.tables import Letter
from undersigned.letters.writing import UNCONFIRMED
from undersigned.signatures.tables import Signature


async def from_signature(token: str) -> Form:
    """What a signer has told us already, and nothing once the link is too old. Raises TokenUnknown or Missing."""
    try:
        row_id = tokens.read("carry", token)
    except tokens.TokenExpired:
        return Form()
    signature = await Signature.objects().where(Signature.id == row_id).first()
    if signature is None:
        raise Missing("This signature has been removed.")
    return Form(
        {
            "name": signature.name,
            "email": signature.email,
            "postcode": signature.postcode,
            "from": token,
            **({"prompt_why": signature.words} if signature.words else {}),
        }
    )


async def from_letter(proof: str) -> Form:
    """What whoever has just confirmed a letter told us in it of themselves; nothing once that is a day ago."""
    letter = await proving.of_letter(proof)
    if letter is None:
        return Form()
    about = ("name", "email", "address", "postcode", "constituency", "reply_to")
    return Form({field: getattr(letter, field) for field in about})


async def begun(campaign: Campaign, token: str) -> Form | None:
    """The letter that a signer has begun here and not sent, as a form; None when there is none."""
    signature = signature_id(token)
    if signature is None:
        return None
    mine = Letter.signature == signature, Letter.campaign == campaign.id, Letter.state.is_in(UNCONFIRMED)
    letter = await Letter.objects().where(*mine).order_by(Letter.id, ascending=False).first()
    return Form(from_draft(letter).values | {"from": token}) if letter else None


def from_draft(letter: Letter) -> Form:
    """Everything in a draft, as it was typed."""
    values = {
        "name": letter.name,
        "email": letter.email,
        "address": letter.address,
        "postcode": letter.postcode,
        "constituency": letter.constituency,
        "reply_to": letter.reply_to,
        "letter": token(letter.id),
        "version": elsewhere.version(letter),
        "kept": "yes",
    }
    values |= {"order": " ".join(letter.block_order), "sure": " ".join(letter.sure)}
    values |= {f"prompt_{name}": text for name, text in letter.given_answers.items()}
    for name, text in letter.given_edits.items():
        values |= {f"edit_{name}": text, f"was_{name}": ""}
    return Form(values | {f"keep_{block}": "yes" for block in letter.kept_blocks})


def token(letter_id: int) -> str:
    """What opens a letter that is not sent yet, for its writer alone."""
    return tokens.issue("draft", letter_id)


def draft_id(token: str) -> int | None:
    """The draft that a form goes on with, if it names one of ours."""
    return _id("draft", token)


def signature_id(token: str) -> int | None:
    """The signature that a letter follows from, if the form names one of ours."""
    return _id("carry", token)


def _id(purpose: str, token: str) -> int | None:
    try:
        return tokens.read(purpose, token) if token else None
    except (tokens.TokenUnknown, tokens.TokenExpired):
        return None
