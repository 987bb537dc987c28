"""A writer's second thoughts before their letter leaves: taken back, or begun again for whoever sits there now."""

from datetime import UTC, datetime

from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.letters import states, writing
from undersigned.letters.tables import Letter
from undersigned.representatives import seats

NEVER_LEFT = """NOT EXISTS (SELECT FROM delivery WHERE delivery.letter = letter.id
    AND delivery.outcome NOT IN ('postponed', 'rejected'))"""
"""SQL: nothing of this letter can have reached its reader."""


class HasLeft(Refused):
    """The letter is on its way or beyond, and nobody can call it back."""


class NobodyNew(Refused):
    """The seat has the same member still, or none at all."""


async def may_take_back(letter: Letter) -> bool:
    """Whether its writer can still take it back."""
    return letter.state in {"ready", "held"} and bool(
        await database.fetch_one(f"SELECT id FROM letter WHERE id = $1 AND {NEVER_LEFT}", letter.id)  # noqa: S608
    )


async def take_back(letter_id: int) -> None:
    """Its writer does not want it sent. Twice is once. Raises HasLeft.

    An attempt claims the same row before it begins, so a letter is either sent or taken back.
    """
    taken = await database.execute(
        f"""UPDATE letter SET state = 'failed', reason = $2, ended_at = now(), resembles = NULL
            WHERE id = $1 AND state IN ('ready', 'held') AND {NEVER_LEFT}""",  # noqa: S608 - our own condition.
        letter_id,
        states.TAKEN_BACK,
    )
    if not taken and not await Letter.exists().where(Letter.id == letter_id, Letter.reason == states.TAKEN_BACK):
        raise HasLeft("Your letter is on its way already, so it cannot be taken back.")


async def new_reader(letter: Letter) -> str:
    """Who sits there now, when a held letter was written to somebody else; empty when nobody new does."""
    if letter.state != "held":
        return ""
    seat = await seats.of(letter.constituency)
    is_new = seat.can_be_written_to and seat.membership_id != letter.membership
    return seat.mp.named if seat.mp and is_new else ""


async def begin_again(letter: Letter) -> None:
    """Make a held letter a draft once more, for its writer to read it over and send it to the new member.

    It has no paragraphs until then, so that it cannot go to the old one unread. Raises HasLeft or NobodyNew.
    """
    if not await new_reader(letter):
        raise NobodyNew("There is nobody new to send this letter to.")
    if letter.campaign.state != "open":
        raise NobodyNew(
            "This campaign has closed, so no new letter begins here. You can print this one and post it."
        )
    begun = await database.execute(
        f"""UPDATE letter SET state = 'draft', reason = '', paragraphs = '[]', confirmed_at = NULL,
                asked_at = NULL, due_at = NULL, leased_until = NULL, attempts = 0, bundle = NULL, created_at = $2
            WHERE id = $1 AND state = 'held' AND {NEVER_LEFT}""",  # noqa: S608 - our own condition.
        letter.id,
        datetime.now(UTC),
    )
    if not begun:
        raise HasLeft("Your letter has been seen to meanwhile. Look at its page once more.")
    await writing.unask(letter.id)
