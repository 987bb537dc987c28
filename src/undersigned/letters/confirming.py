"""The writer's last yes: asked for by e-mail, or said at once by somebody whose mailbox we have just met."""

import json
from datetime import UTC, datetime, timedelta

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, limits
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import Composed, Mail, composes, owe
from undersigned.letters import arranging, carrying, likeness, proving, sheet, writing
from undersigned.letters.tables import Letter
from undersigned.letters.writing import WAITS
from undersigned.settings import settings
from undersigned.supporters import addresses

REMINDED_AFTER = timedelta(hours=24)


class LetterExpired(Refused):
    """It waited seven days for its writer's yes, and was put away."""


class CampaignOver(Refused):
    """Its campaign has ended, and the day that mail may take is over too."""


class LetterChanged(Refused):
    """It was edited while its writer was reading it."""


async def send(letter_id: int, proof: str = "") -> Letter:
    """The writer has read it once more: it goes at once, or we owe them the e-mail that asks for the last yes.

    It goes at once with a ``proof``, as :func:`proving.proves` has it. Answers the letter with its new state.
    Pressing twice changes nothing, and neither does a letter that is unfinished. Raises Missing.
    """
    async with database.transaction():
        letter = await _locked(letter_id)
        if letter.state == "draft" and letter.parts:
            if await proving.proves(proof, letter):
                await _let_go(letter)
                await owe("letter_off", letter_id, letter.email)
            else:
                await _ask(letter)
    return letter


async def _ask(letter: Letter) -> None:
    """Owe the question, and the one reminder that a letter may have; its seven days begin now."""
    if not await limits.may("letter-mail", letter.email_key, size=5, per_hour=5):
        raise limits.TooManyTries(
            "We have written to this address a few times just now. Look into its mailbox, or try again later."
        )
    now = datetime.now(UTC)
    letter.state = "waiting"
    await Letter.update({Letter.state: "waiting", Letter.asked_at: now, Letter.created_at: now}).where(
        Letter.id == letter.id
    )
    await writing.unask(letter.id)
    await owe("letter_confirmation", letter.id, letter.email)
    if not await Mail.exists().where(Mail.kind == "letter_reminder", Mail.about == letter.id):
        await owe("letter_reminder", letter.id, letter.email, now + REMINDED_AFTER)


async def mail_the_link(letter: Letter) -> None:
    """Owe the writer of a draft the link to go on with it."""
    async with database.transaction():
        await owe("letter_draft", letter.id, addresses.parse(letter.email))


async def confirm(letter_id: int, read: str) -> bool:
    """The writer has said yes from their own mailbox: the letter may go. Answers whether this press did it.

    ``read`` is the version that the page showed. Pressing twice changes nothing. Raises Missing, LetterExpired
    after seven days, CampaignOver, or LetterChanged when the words are no longer those that were read.
    """
    async with database.transaction():
        letter = await _locked(letter_id)
        if letter.state != "waiting":
            return False
        if is_expired(letter):
            raise LetterExpired("This letter waited seven days for you and has been put away.")
        await _check_campaign(letter)
        if read != version(letter):
            raise LetterChanged("The letter was changed while you were reading it. Read it once more.")
        await _let_go(letter)
    return True


async def _check_campaign(letter: Letter) -> None:
    """A link counts as long as those of signatures do. Raises CampaignOver."""
    campaign = await Campaign.objects().where(Campaign.id == letter.campaign).first()
    if campaign is None or campaign.state not in {"open", "closed", "archived"}:
        raise CampaignOver("This campaign was taken down, so the letter is not sent.")
    if not campaign.counts_confirmations:
        raise CampaignOver("This campaign closed more than a day ago, so the letter is not sent.")


def version(letter: Letter) -> str:
    """A few letters that stand for a letter as it is now: its words, whose they are, and whom they reach."""
    who = [letter.name, letter.email, letter.address, letter.reply_to, str(letter.membership), letter.subject]
    return arranging.mark(json.dumps([who, [part["text"] for part in letter.parts]]))


def is_expired(letter: Letter) -> bool:
    """Whether it has waited too long for a yes."""
    return letter.state == "waiting" and datetime.now(UTC) - letter.created_at > WAITS


async def _let_go(letter: Letter) -> None:
    """Into the queue, or to a person when it reads like somebody else's; what else waits of the same letter goes.

    Only the mailbox's owner gets here, so whatever else was begun in their name is theirs to lose.
    """
    now = datetime.now(UTC)
    like = await likeness.of(letter)
    letter.state = "held" if like.other else "ready"
    await Letter.update(
        {
            Letter.state: letter.state,
            Letter.reason: likeness.REASON if like.other else "",
            Letter.resembles: like.other,
            Letter.likeness: like.fingerprint,
            Letter.confirmed_at: now,
            Letter.due_at: now,
        }
    ).where(Letter.id == letter.id)
    await Letter.delete().where(
        Letter.state.is_in(writing.UNCONFIRMED),
        Letter.id != letter.id,
        Letter.email_key == letter.email_key,
        Letter.campaign == letter.campaign,
        Letter.representative == letter.representative,
    )


async def _locked(letter_id: int) -> Letter:
    """The letter, and whatever else its writer has begun to the same reader, always locked in the same order."""
    await database.fetch(
        """SELECT other.id FROM letter other JOIN letter one ON one.id = $1
               AND (other.email_key, other.campaign, other.representative)
                 = (one.email_key, one.campaign, one.representative)
           WHERE other.email_key <> '' AND other.state IN ('draft', 'waiting')
           ORDER BY other.id FOR UPDATE OF other""",
        letter_id,
    )
    letter = await Letter.objects().where(Letter.id == letter_id).lock_rows("UPDATE").first()
    if letter is None:
        raise Missing("This letter has been removed.")
    return letter


@composes("letter_confirmation")
async def write_confirmation(letter_id: int) -> Composed | None:
    """The e-mail that asks for the last yes, with the whole letter in it."""
    return await _about(letter_id, {"waiting"}, "letters/emails/confirmation")


@composes("letter_reminder")
async def write_reminder(letter_id: int) -> Composed | None:
    """The same question once more, a day later, when it has not been answered."""
    return await _about(letter_id, {"waiting"}, "letters/emails/reminder")


@composes("letter_draft")
async def write_draft(letter_id: int) -> Composed | None:
    """The link to go on with, which the writer asked for."""
    return await _about(letter_id, {"draft"}, "letters/emails/draft")


@composes("letter_off")
async def write_off(letter_id: int) -> Composed | None:
    """What was sent without another question, and where to see what becomes of it."""
    sent = {"ready", "sending", "sent", "settled", "held"}
    return await _about(letter_id, sent, "letters/emails/off")


async def _about(letter_id: int, states: set[str], template_name: str) -> Composed | None:
    letter = await Letter.whole(letter_id)
    if letter is None or letter.state not in states:
        return None
    if letter.state == "waiting" and not letter.campaign.counts_confirmations:
        return None
    url, page = writing.url_of(letter_id), sheet.of(letter)
    return Composed(
        template_name,
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "held": letter.reason if letter.state == "held" else "",
            "follows": letter.follows is not None,
            "url": url,
            "edit_url": edit_url(letter),
            "expires_on": letter.created_at + WAITS,
            "letter_subject": page.subject,
            "letter_text": page.as_text(),
        },
        only_to=letter.email.strip(),
    )


def edit_url(letter: Letter) -> str:
    """Where a letter that has not been sent can be gone on with."""
    slug = letter.campaign.slug
    return f"{settings.base_url}/campaigns/{slug}/write?letter={carrying.token(letter.id)}"
