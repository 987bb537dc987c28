"""Chasing an answer: three weeks after a letter, its writer sends a short one that points to the first."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from undersigned.kit import database, pages
from undersigned.kit.errors import Refused
from undersigned.kit.outbox import new_message_id, owe
from undersigned.letters import merging
from undersigned.letters.tables import Letter
from undersigned.representatives import seats
from undersigned.responses import sorting

AFTER = timedelta(days=21)
LONGEST_WORDS = 1_000
ANSWERED: Final = (sorting.ANSWER, sorting.FORM_REPLY)
SENT: Final = ("sent", "settled")


class NotToBeChased(Refused):
    """It is too early, it was answered, it was chased already, or there is nobody to chase."""


class TooManyWords(Refused):
    """A follow-up is short."""


async def why_not(letter: Letter) -> str:
    """A sentence when a letter cannot be followed up on now, else nothing."""
    if letter.state not in SENT or letter.sent_at is None or not letter.parts:
        return "Only a letter that was sent, and whose text is still here, can be followed up on."
    if datetime.now(UTC) - letter.sent_at < AFTER:
        return f"You can follow up on it from {pages.day(letter.sent_at + AFTER)} on."
    if await database.fetch_one(
        "SELECT id FROM response WHERE letter = $1 AND kind = ANY($2)", letter.id, list(ANSWERED)
    ):
        return "It was answered."
    if await chased_by(letter.id):
        return "You have followed up on it already."
    seat = await seats.of(letter.constituency)
    if not seat.can_be_written_to or seat.membership_id != letter.membership:
        return "The MP to whom it was written no longer sits for your constituency."
    return ""


async def chased_by(letter_id: int) -> int | None:
    """The follow-up to a letter, if there is one."""
    row = await database.fetch_one("SELECT id FROM letter WHERE follows = $1 ORDER BY id LIMIT 1", letter_id)
    return int(row["id"]) if row else None


def drafted(letter: Letter, words: str) -> Letter:
    """The follow-up as it would be sent, not kept yet. Raises TooManyWords."""
    if len(words) > LONGEST_WORDS:
        raise TooManyWords(f"Keep it short: at most {LONGEST_WORDS:,} characters.")
    sent_on = pages.day(letter.sent_at) if letter.sent_at else ""
    said = [
        {
            "text": f"On {sent_on} I wrote to you about “{letter.subject}”. I have not had an answer yet.",
            "own": False,
        },
        *({"text": text, "own": True} for text in merging.clean(words).split("\n\n") if text.strip()),
        {"text": "I should be grateful if you could tell me what you think, and what you will do.", "own": False},
    ]
    copied = (
        *("campaign", "signature", "template", "template_version", "name", "email", "email_key", "address"),
        *(
            "postcode",
            "constituency",
            "representative",
            "membership",
            "reply_to",
            "channel",
            "language",
            "wording",
        ),
    )
    fields = {name: getattr(letter, name) for name in copied}
    subject = f"{letter.subject} (my letter of {sent_on})"
    return Letter(**fields, subject=subject[:200], paragraphs=json.dumps(said), follows=letter.id, shows_qr=False)


async def chase(letter: Letter, words: str) -> int:
    """Put the follow-up into the queue, as a letter of its own that names the first; answers its id.

    Whoever has the first letter's link has it from their own mailbox, so they are not asked again. Raises
    NotToBeChased or TooManyWords; of two at once the second is refused.
    """
    follow_up = drafted(letter, words)
    async with database.transaction():
        await database.fetch_one("SELECT id FROM letter WHERE id = $1 FOR UPDATE", letter.id)
        if reason := await why_not(letter):
            raise NotToBeChased(reason)
        now = datetime.now(UTC)
        follow_up.state, follow_up.message_id = "ready", new_message_id()
        follow_up.created_at = follow_up.confirmed_at = follow_up.due_at = now
        await follow_up.save()
        await owe("letter_off", follow_up.id, follow_up.email)
    return int(follow_up.id)
