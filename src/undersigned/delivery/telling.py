"""What the writer of a held letter is told, and that nobody whose letter is held for a day hears nothing."""

from datetime import timedelta

from undersigned.delivery import recalling, sending
from undersigned.kit import database
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.letters import states, writing
from undersigned.letters.tables import Letter

TOLD_AFTER = timedelta(days=1)
AT_ONCE = 500


async def tell_writers() -> int:
    """Owe the writers of letters that have been held for a day a word about it; answers how many."""
    told = 0
    while many := await _tell_some():
        told += many
    return told


async def _tell_some() -> int:
    async with database.transaction():
        held = await database.fetch(
            """UPDATE letter SET told_at = now() WHERE id IN (
                   SELECT id FROM letter
                   WHERE state = 'held' AND told_at IS NULL AND held_at < now() - $1::interval
                   ORDER BY held_at LIMIT $2 FOR UPDATE SKIP LOCKED)
               RETURNING id, email""",
            TOLD_AFTER,
            AT_ONCE,
        )
        for row in held:
            await owe("letter_held", row["id"], row["email"])
    return len(held)


@composes("letter_held")
async def write_held(letter_id: int) -> Composed | None:
    """The e-mail that says why a letter has not gone yet; None when it has gone, or was given up, since."""
    letter = await Letter.whole(letter_id)
    if letter is None or letter.state != "held" or letter.confirmed_at is None:
        return None
    url = writing.url_of(letter_id)
    context = {
        "campaign": letter.campaign,
        "mp_name": letter.representative.named,
        "reason": letter.reason,
        "for_paper": states.wants_paper(letter),
        "for_seat": bool(await sending.nobody_to_read(letter)),
        "new_mp": await recalling.new_reader(letter),
        "until": letter.confirmed_at + sending.LONGEST_HELD,
        "letter_url": url,
    }
    return Composed("delivery/emails/held", context, only_to=letter.email.strip())
