"""Letters that have lost their reader for now: their writers are told, and they are looked at again.

What keeps them is about the seat or the member, and changes without anybody thinking of a letter.
"""

from typing import Final

from undersigned.delivery import failing, sending
from undersigned.kit import database
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.letters import states, writing
from undersigned.letters.tables import Letter
from undersigned.representatives import seats

LOOKED_AT_AGAIN: Final = """
    SELECT id, reason FROM letter
    WHERE state = 'held' AND resembles IS NULL AND reason <> ALL($1) AND confirmed_at IS NOT NULL
"""
UNTOLD: Final = """
    SELECT id, email FROM letter
    WHERE state = 'held' AND reason <> ALL($1) AND confirmed_at < now() - interval '1 day'
      AND NOT EXISTS (SELECT FROM mail WHERE mail.kind = 'letter_held' AND mail.about = letter.id)
"""


async def look_again() -> int:
    """Let held letters go that have their reader again, and tell writers whose reason is a new one.

    A seat is filled or opened again, a member comes back: nobody has to remember the letters that waited for it.
    Answers how many go on.
    """
    gone_on = 0
    for row in await database.fetch(LOOKED_AT_AGAIN, [*states.FOR_PAPER, failing.REASON]):
        letter = await Letter.whole(row["id"])
        reason = await sending.nobody_to_read(letter) if letter else row["reason"]
        if not reason:
            gone_on += await database.execute(_GO_ON, row["id"], row["reason"])
        elif reason != row["reason"]:
            await _hold_for(row["id"], row["reason"], reason)
    return gone_on


_GO_ON = """
    UPDATE letter SET state = 'ready', reason = '', due_at = now(), leased_until = NULL
    WHERE id = $1 AND state = 'held' AND reason = $2
"""


async def _hold_for(letter_id: int, before: str, reason: str) -> None:
    async with database.transaction():
        held = await database.fetch_one(
            "UPDATE letter SET reason = $3 WHERE id = $1 AND state = 'held' AND reason = $2 RETURNING email",
            letter_id,
            before,
            reason,
        )
        if held:
            await owe("letter_held", letter_id, held["email"])


async def tell() -> int:
    """Owe a word to whoever's letter has been held for a day and who has heard nothing; answers how many."""
    untold = await database.fetch(UNTOLD, list(states.FOR_PAPER))
    for row in untold:
        async with database.transaction():
            await owe("letter_held", row["id"], row["email"])
    return len(untold)


@composes("letter_held")
async def write_held(letter_id: int) -> Composed | None:
    """The e-mail that says why a letter waits, and what its writer can do; None when it no longer does."""
    letter = await Letter.whole(letter_id)
    if letter is None or letter.state != "held" or letter.reason in states.FOR_PAPER:
        return None
    seat = await seats.of(letter.constituency)
    moved = seat.mp is not None and seat.membership_id != letter.membership
    return Composed(
        "delivery/emails/held",
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "reason": letter.reason,
            "new_mp": seat.mp.named if seat.mp and moved else "",
            "letter_url": writing.url_of(letter_id),
        },
        only_to=letter.email.strip(),
    )
