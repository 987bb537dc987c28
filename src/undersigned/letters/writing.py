"""From somebody's own words to a draft that is kept, and to a letter that can be read once more."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Mistakes
from undersigned.kit.outbox import new_message_id
from undersigned.letters import composing, facts, versions
from undersigned.letters.composing import Composition
from undersigned.letters.elsewhere import OpenPage
from undersigned.letters.forms import WriteForm
from undersigned.letters.tables import Letter
from undersigned.letters.template import LetterTemplate
from undersigned.representatives.seats import Seat
from undersigned.settings import settings
from undersigned.supporters import addresses, consents

WAITS = timedelta(days=7)
CONSENT = (
    "I agree that {site} may hold my letter and the opinion in it, to deliver it to {mp} and to show me what "
    "came of it. Its text is deleted 28 days after it was sent."
)
NOTHING = Composition("", [], [], 0)
UNCONFIRMED = ["draft", "waiting"]


@dataclass(frozen=True)
class Held:
    """Which letter a form goes on with: the one whose link it holds, and the signature that it follows from.

    ``by_itself`` is a page that keeps what is typed without anybody having pressed a button. ``page`` is which.
    """

    letter_id: int | None = None
    signature_id: int | None = None
    by_itself: bool = False
    page: OpenPage = field(default_factory=OpenPage)


NEW = Held()


class NobodyToWriteTo(Refused):
    """The seat is vacant, or its member takes no letters."""


class NoLongerADraft(Missing):
    """The letter has been confirmed meanwhile, so nothing can be kept in it."""


def consent_words(seat: Seat) -> str:
    """What the writer agrees to by pressing the button."""
    return CONSENT.format(site=settings.site_name, mp=seat.mp.named if seat.mp else "my MP")


async def draft(
    campaign: Campaign, form: WriteForm, seat: Seat, held: Held = NEW, given: facts.Facts | None = None
) -> Letter:
    """Merge the words with the template and keep the result as a draft; the writer's earlier draft is replaced.

    What is ``given`` stands for what holds now, as on the day of a letter that is dated back. Raises
    NobodyToWriteTo, NoLongerADraft, ChangedElsewhere, or Mistakes when there is nothing to send or far too much.
    """
    chosen = await versions.used(campaign.letter)
    composition = await composing.compose(campaign, chosen, form, _written_to(seat), given)
    return await _save(campaign, await _fields(campaign, chosen, form, seat, composition), held)


async def keep(campaign: Campaign, form: WriteForm, seat: Seat, held: Held = NEW) -> Letter:
    """Keep an unfinished letter just as it was typed, right or wrong, for its writer to go on with.

    It has no paragraphs, so that it cannot be sent unread. Raises NobodyToWriteTo, or NoLongerADraft when the
    letter has gone on its way, or waits for its writer's yes and the page keeps it by itself.
    """
    chosen = await versions.load(campaign.letter)
    try:
        composition = await composing.compose(campaign, chosen, form, _written_to(seat))
    except Mistakes:
        composition = NOTHING
    unread = Composition("", [], [], composition.own_share)
    return await _save(campaign, await _fields(campaign, chosen, form, seat, unread), held)


def _written_to(seat: Seat) -> Seat:
    if not seat.can_be_written_to or seat.mp is None:
        raise NobodyToWriteTo(f"Nobody can take letters for {seat.constituency} at the moment.")
    return seat


async def _save(campaign: Campaign, fields: dict[str, Any], held: Held) -> Letter:
    """One draft a writer, campaign and representative: the one they hold the link to, or signed before.

    Raises ChangedElsewhere when another page has changed it meanwhile.

    An address alone opens nobody's draft: whoever only knows it would replace, and go on to read, what somebody
    else has written. So such a draft stands beside the other until one of them is confirmed.
    """
    async with database.transaction():
        letter = await _to_replace(campaign, fields, held)
        if letter is not None:
            held.page.check(letter)
        if letter is not None and letter.asked_at is not None and letter.email_key != fields["email_key"]:
            await _leave_behind(letter)
            letter = None
        letter = letter or Letter(campaign=campaign.id, message_id=new_message_id(), **fields)
        for name, value in fields.items():
            setattr(letter, name, value)
        letter.signature, letter.edited_in = held.signature_id or letter.signature, held.page.mark
        await letter.save()
        await unask(letter.id)
    return letter


async def _leave_behind(letter: Letter) -> None:
    """Let go of a letter whose link was mailed to another address: that link must never send the new one."""
    await unask(letter.id)
    await letter.remove()


async def unask(letter_id: int) -> None:
    """Take back what has not been mailed yet about a letter's last yes: it is no longer true."""
    await database.execute(
        """DELETE FROM mail WHERE about = $1 AND kind IN ('letter_confirmation', 'letter_reminder')
           AND sent_at IS NULL AND dead_at IS NULL""",
        letter_id,
    )


async def _to_replace(campaign: Campaign, fields: dict[str, Any], held: Held) -> Letter | None:
    """The letter that is being edited, locked, so that it cannot be confirmed meanwhile in its old words."""
    here = Letter.objects().where(Letter.campaign == campaign.id)
    if held.letter_id is not None:
        letter = await here.where(Letter.id == held.letter_id).lock_rows("UPDATE").first()
        _check_state(letter, held)
        return letter
    if held.signature_id is None:
        return None
    same = Letter.signature == held.signature_id, Letter.representative == fields["representative"]
    unconfirmed = here.where(Letter.state.is_in(UNCONFIRMED), *same)
    letter = await unconfirmed.order_by(Letter.id, ascending=False).lock_rows("UPDATE").first()
    _check_state(letter, held)
    return letter


def _check_state(letter: Letter | None, held: Held) -> None:
    if letter is None or letter.state == "draft":
        return
    if letter.state != "waiting":
        raise NoLongerADraft("This letter is on its way, so what you type here is not kept.")
    if held.by_itself:
        raise NoLongerADraft("This letter waits for your yes. Press “Read it once more” to change it.")


async def _fields(
    campaign: Campaign, chosen: LetterTemplate, form: WriteForm, seat: Seat, composition: Composition
) -> dict[str, Any]:
    assert seat.mp is not None
    return {
        "template": chosen.name,
        "template_version": chosen.version,
        "name": form.name,
        "email": form.email,
        "email_key": _key(form.email),
        "address": form.address,
        "postcode": str(form.postcode),
        "constituency": seat.gss_code,
        "representative": seat.mp.id,
        "membership": seat.membership_id,
        "answers": json.dumps(form.answers),
        "kept_blocks": form.kept_blocks,
        "block_order": form.block_order,
        "edits": json.dumps(form.edits),
        "sure": form.sure,
        "subject": composition.subject,
        "paragraphs": json.dumps(composition.paragraphs),
        "own_words": " ".join(composition.own_words),
        "own_share": composition.own_share,
        "reply_to": form.reply_to,
        "state": "draft",
        "language": facts.language_of(campaign, chosen),
        "shows_qr": chosen.shows_qr,
        "channel": "email" if seat.mp.contact == "email" else "post",
        "wording": await consents.wording_id(consent_words(seat)),
        "created_at": datetime.now(UTC),
    }


def _key(email: str) -> str:
    """Whose mailbox it is; nobody's while the address is half typed."""
    try:
        return addresses.key(addresses.parse(email))
    except addresses.NotAnAddress:
        return ""


async def throw_away(campaign: Campaign, letter_id: int) -> None:
    """Delete a draft because its writer says so; anything that was confirmed stays."""
    await Letter.delete().where(
        Letter.id == letter_id, Letter.campaign == campaign.id, Letter.state.is_in(UNCONFIRMED)
    )


def url_of(letter_id: int) -> str:
    """The letter's own page, for its writer alone."""
    return f"{settings.base_url}/letters/{tokens.issue('letter', letter_id)}"
