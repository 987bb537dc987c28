"""Letters that wait for a person: let go again, sent by hand, or given up."""

from collections.abc import Iterable
from datetime import UTC, datetime

from undersigned.delivery import sending
from undersigned.delivery.tables import Delivery
from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.letters import states
from undersigned.letters.tables import Letter
from undersigned.staff import audit

ACTS = ("again", "posted", "give-up", "refuse")
LONGEST_REASON = 500


class NotHeld(Refused):
    """Somebody else has dealt with this letter meanwhile."""


class NotForPaper(Refused):
    """The letter has gone another way meanwhile, or has nobody to read it."""


class NoReason(Refused):
    """A letter was refused without saying why, or at too great a length."""


async def waiting() -> int:
    """How many letters wait for somebody to decide what becomes of them; those for paper want only a printer."""
    row = await database.fetch_one(
        "SELECT count(*)::int AS n FROM letter WHERE state = 'held' AND reason <> ALL($1)", list(states.FOR_PAPER)
    )
    return int(row["n"]) if row else 0


async def decide(letter_id: int, act: str, staff_id: int, reason: str = "", seen: str = "") -> None:
    """Do one of ACTS with a held letter, and write it in the audit.

    ``again`` puts it back in the queue, where it is seen to once more that it has a reader; ``posted`` says that
    it was printed and sent by post; ``give-up`` fails it, and its writer is told; ``refuse`` does the same for a
    ``reason`` of our own, which its writer reads. ``seen`` is since when it was held on the page that was read,
    so that nobody decides about another holding than the one they saw. Raises NotHeld or NoReason.
    """
    reason = " ".join(reason.split())
    if act == "refuse" and not 0 < len(reason) <= LONGEST_REASON:
        raise NoReason(f"Say why in at most {LONGEST_REASON} characters. The writer reads it.")
    async with database.transaction():
        held = await database.fetch_one(
            "SELECT id, reason, held_at FROM letter WHERE id = $1 AND state = 'held' FOR UPDATE", letter_id
        )
        if held is None or act not in ACTS:
            raise NotHeld("This letter is no longer held, so nothing was changed.")
        if seen and seen != held["held_at"].isoformat():
            raise NotHeld("This letter was let go and held again since you read it, so nothing was changed.")
        if act == "again":
            await _again(letter_id)
        elif act == "posted":
            await _note_posted(letter_id)
        else:
            await sending.fail(
                letter_id, states.REFUSED.format(reason=reason) if act == "refuse" else held["reason"]
            )
        after = {"reason": reason} if act == "refuse" else None
        await audit.record(f"held letter: {act}", f"letter {letter_id}", after=after, staff_id=staff_id)


async def _again(letter_id: int) -> None:
    await database.execute(
        "UPDATE letter SET state = 'ready', reason = '', due_at = now(), leased_until = NULL WHERE id = $1",
        letter_id,
    )


async def put_on_paper(letter_id: int, staff_id: int | None = None) -> None:
    """Have a confirmed letter printed and posted, for good, instead of e-mailed. Raises NotForPaper.

    An attempt to e-mail it claims the same row, so it goes one way or the other and never both.
    """
    letter = await Letter.whole(letter_id)
    why = "There is no such letter." if letter is None else await sending.nobody_to_read(letter)
    if why:
        raise NotForPaper(f"{why} So it does not go on paper.")
    assert letter is not None
    by_email = letter.representative.contact == "email"
    async with database.transaction():
        chosen = await database.execute(
            """UPDATE letter SET channel = 'post', state = 'held', reason = $2, resembles = NULL
               WHERE id = $1 AND channel = 'email' AND state IN ('ready', 'held') AND confirmed_at IS NOT NULL""",
            letter_id,
            states.INSTEAD if by_email else states.BY_POST,
        )
        if not chosen:
            raise NotForPaper("This letter is on its way already, or goes on paper as it is. Nothing was changed.")
        await audit.record("letter put on paper", f"letter {letter_id}", staff_id=staff_id)


async def posted(letter_ids: Iterable[int], staff_id: int | None = None, by_hand: bool = False) -> int:
    """Note that letters for paper were printed and sent, or handed in; answers how many still waited for that.

    Each is in the audit, as when it is done one at a time. Twice is once.
    """
    done = 0
    for letter_id in letter_ids:
        async with database.transaction():
            waits = await database.fetch_one(
                """SELECT id FROM letter WHERE id = $1 AND channel = 'post' AND confirmed_at IS NOT NULL
                       AND (state = 'ready' OR state = 'held' AND reason = ANY($2)) FOR UPDATE""",
                letter_id,
                list(states.FOR_PAPER),
            )
            if waits:
                await _note_posted(letter_id, by_hand)
                act = "held letter: handed in" if by_hand else "held letter: posted"
                await audit.record(act, f"letter {letter_id}", staff_id=staff_id)
                done += 1
    return done


async def _note_posted(letter_id: int, by_hand: bool = False) -> None:
    now = datetime.now(UTC)
    await Delivery(
        letter=letter_id,
        channel="hand" if by_hand else "post",
        mode="live",
        recipient="",
        started_at=now,
        handed_at=now,
        finished_at=now,
        outcome="accepted",
        answer="Handed in" if by_hand else "Printed and posted by hand",
    ).save()
    await database.execute(
        "UPDATE letter SET state = 'sent', channel = 'post', reason = '', sent_at = $2 WHERE id = $1",
        letter_id,
        now,
    )
