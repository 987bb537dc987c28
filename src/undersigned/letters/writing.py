"""From somebody's own words to a letter that waits for their last yes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import Composed, composes, new_message_id, owe
from undersigned.letters import composing, facts, versions
from undersigned.letters.forms import WriteForm
from undersigned.letters.tables import Letter
from undersigned.representatives.seats import Seat
from undersigned.settings import settings
from undersigned.supporters import addresses, consents

WAITS = timedelta(days=7)
REMINDED_AFTER = timedelta(hours=24)
CONSENT = (
    "I agree that {site} may hold my letter and the opinion in it, to deliver it to {mp} and to show me what "
    "came of it. Its text is deleted 28 days after it was sent."
)


class NobodyToWriteTo(Refused):
    """The seat is vacant, or its member takes no letters."""


class LetterExpired(Refused):
    """It waited seven days for its writer's yes, and was put away."""


def consent_words(seat: Seat) -> str:
    """What the writer agrees to by pressing the button."""
    return CONSENT.format(site=settings.site_name, mp=seat.mp.named if seat.mp else "my MP")


async def draft(
    campaign: Campaign,
    form: WriteForm,
    seat: Seat,
    letter_id: int | None = None,
    signature_id: int | None = None,
) -> Letter:
    """Merge the words with the template and keep the result as a draft; an earlier draft is replaced.

    Raises NobodyToWriteTo, or Mistakes when there is nothing to send or far too much.
    """
    if not seat.can_be_written_to or seat.mp is None:
        raise NobodyToWriteTo(f"Nobody can take letters for {seat.constituency} at the moment.")
    fields = await _fields(campaign, form, seat)
    async with database.transaction():
        letter = await _draft_to_replace(letter_id) or Letter(message_id=new_message_id(), **fields)
        for name, value in fields.items():
            setattr(letter, name, value)
        letter.signature = signature_id or letter.signature
        await letter.save()
    return letter


async def _draft_to_replace(letter_id: int | None) -> Letter | None:
    """The letter that is being edited, locked, so that it cannot be confirmed meanwhile in its old words."""
    if letter_id is None:
        return None
    unconfirmed = Letter.state.is_in(["draft", "waiting"])
    return await Letter.objects().where(Letter.id == letter_id, unconfirmed).lock_rows("UPDATE").first()


async def _fields(campaign: Campaign, form: WriteForm, seat: Seat) -> dict[str, Any]:
    assert seat.mp is not None
    chosen = await versions.used(campaign.letter)
    composition = await composing.compose(campaign, chosen, form, seat)
    return {
        "campaign": campaign.id,
        "template": chosen.name,
        "template_version": chosen.version,
        "name": form.name,
        "email": form.email,
        "email_key": addresses.key(form.email),
        "address": form.address,
        "postcode": str(form.postcode),
        "constituency": seat.gss_code,
        "representative": seat.mp.id,
        "membership": seat.membership_id,
        "answers": json.dumps(form.answers),
        "kept_blocks": form.kept_blocks,
        "subject": composition.subject,
        "paragraphs": json.dumps(composition.paragraphs),
        "own_share": composition.own_share,
        "reply_to": form.reply_to,
        "state": "draft",
        "language": facts.language_of(campaign, chosen),
        "shows_qr": chosen.shows_qr,
        "channel": "email" if seat.mp.contact == "email" else "post",
        "wording": await consents.wording_id(consent_words(seat)),
        "created_at": datetime.now(UTC),
    }


async def send(letter_id: int) -> Letter:
    """The writer has read it once more: owe them the e-mail that asks for the last yes.

    Pressing twice changes nothing. Raises Missing.
    """
    async with database.transaction():
        letter = await _locked(letter_id)
        if letter.state == "draft":
            await Letter.update({Letter.state: "waiting"}).where(Letter.id == letter_id)
            await owe("letter_confirmation", letter_id, letter.email)
            await owe("letter_reminder", letter_id, letter.email, datetime.now(UTC) + REMINDED_AFTER)
    return letter


async def confirm(letter_id: int) -> None:
    """The writer has said yes from their own mailbox: the letter may go.

    Pressing twice changes nothing. Raises Missing, or LetterExpired after seven days.
    """
    async with database.transaction():
        letter = await _locked(letter_id)
        if letter.state != "waiting":
            return
        now = datetime.now(UTC)
        if now - letter.created_at > WAITS:
            raise LetterExpired("This letter waited seven days for you and has been put away.")
        await Letter.update({Letter.state: "ready", Letter.confirmed_at: now, Letter.due_at: now}).where(
            Letter.id == letter_id
        )


async def _locked(letter_id: int) -> Letter:
    letter = await Letter.objects().where(Letter.id == letter_id).lock_rows("UPDATE").first()
    if letter is None:
        raise Missing("This letter has been removed.")
    return letter


def url_of(letter_id: int) -> str:
    """The letter's own page, for its writer alone."""
    return f"{settings.base_url}/letters/{tokens.issue('letter', letter_id)}"


@composes("letter_confirmation")
async def write_confirmation(letter_id: int) -> Composed | None:
    """The e-mail that asks for the last yes."""
    return await _asking(letter_id, "letters/emails/confirmation")


@composes("letter_reminder")
async def write_reminder(letter_id: int) -> Composed | None:
    """The same question once more, a day later, when it has not been answered."""
    return await _asking(letter_id, "letters/emails/reminder")


async def _asking(letter_id: int, template_name: str) -> Composed | None:
    letter = await Letter.whole(letter_id)
    if letter is None or letter.state != "waiting":
        return None
    return Composed(
        template_name,
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "url": url_of(letter_id),
            "expires_on": letter.created_at + WAITS,
        },
    )
