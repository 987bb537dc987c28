"""What time decides: attempts that broke off, letters that nothing came back for, those that nobody could send."""

from datetime import timedelta

from undersigned.delivery import sending
from undersigned.kit import database

SETTLED_AFTER = timedelta(days=8)
LONGEST_HELD = timedelta(days=28)


async def recover() -> int:
    """Find attempts that a crash interrupted, and say how many there were.

    One that had not handed anything over goes back to ready; one that had is unknown, counts as sent, and
    is left to time and bounces.
    """
    broken = await database.fetch(
        """SELECT d.id, d.letter, d.handed_at FROM delivery d JOIN letter l ON l.id = d.letter
           WHERE d.outcome = '' AND l.state = 'sending' AND l.leased_until < now()"""
    )
    for row in broken:
        if row["handed_at"]:
            await sending.unknown(row["id"], row["letter"], "Interrupted while it was being handed over.")
        else:
            await _begin_again(row["id"], row["letter"])
    return len(broken)


async def _begin_again(delivery_id: int, letter_id: int) -> None:
    """Give an attempt up, unless it has reached its last moment since we looked."""
    async with database.transaction():
        given_up = await database.execute(
            """UPDATE delivery SET outcome = 'postponed', finished_at = now(),
                   answer = 'Interrupted before anything was handed over.'
               WHERE id = $1 AND outcome = '' AND handed_at IS NULL""",
            delivery_id,
        )
        if given_up:
            await sending.make_ready(letter_id, timedelta(0), tries=0)


async def settle() -> int:
    """Letters that no mail server has sent back in eight days have arrived, as far as anybody can tell.

    That decides the unknown ones too: RFC 5321 §4.5.4.1 has servers give up after four or five days.
    """
    return await database.execute(
        "UPDATE letter SET state = 'settled' WHERE state = 'sent' AND sent_at < now() - $1::interval",
        SETTLED_AFTER,
    )


async def give_up_on_held() -> int:
    """Letters that nobody could send in four weeks: their writers are told, and can post them themselves."""
    forgotten = await database.fetch(
        "SELECT id, reason FROM letter WHERE state = 'held' AND confirmed_at < now() - $1::interval", LONGEST_HELD
    )
    for row in forgotten:
        async with database.transaction():
            await sending.fail(row["id"], row["reason"])
    return len(forgotten)
