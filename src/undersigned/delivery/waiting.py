"""Letters that have lost their reader for now: their writers are told, and they are looked at again.

What keeps them is about the seat or the member, and changes without anybody thinking of a letter.
"""

from typing import Final

from undersigned.delivery import failing, sending
from undersigned.kit import database
from undersigned.kit.outbox import owe
from undersigned.letters import states
from undersigned.letters.tables import Letter

LOOKED_AT_AGAIN: Final = """
    SELECT id, reason FROM letter
    WHERE state = 'held' AND resembles IS NULL AND reason <> ALL($1) AND confirmed_at IS NOT NULL
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
    """The same letter, held for another reason than before."""
    async with database.transaction():
        held = await database.fetch_one(
            """UPDATE letter SET reason = $3, told_at = now() WHERE id = $1 AND state = 'held' AND reason = $2
               RETURNING email""",
            letter_id,
            before,
            reason,
        )
        if held:
            await owe("letter_held", letter_id, held["email"])
