"""What the writer of a letter hears that is held or has failed; whoever has waited a day is never left without."""

from datetime import timedelta

from undersigned.delivery import recalling, recovering, sending
from undersigned.delivery.tables import Delivery
from undersigned.kit import database, pdf
from undersigned.kit.outbox import Composed, Enclosed, composes, owe
from undersigned.letters import sheet, states, writing
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
        "until": letter.confirmed_at + recovering.LONGEST_HELD,
        "letter_url": url,
    }
    return Composed("delivery/emails/held", context, only_to=letter.email.strip())


@composes("delivery_failed")
async def write_failed(letter_id: int) -> Composed | None:
    """The e-mail that says the letter did not arrive, with what one can do about it."""
    letter = await Letter.whole(letter_id)
    if letter is None or letter.state != "failed":
        return None
    url = writing.url_of(letter_id)
    on_paper, page = await _on_paper(letter), sheet.of(letter)
    return Composed(
        "delivery/emails/failed",
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "reason": letter.reason,
            "letter_url": url,
            "pdf_url": f"{url}.pdf",
            "went_out": letter.sent_at is not None or await _was_tried(letter_id),
            "letter_subject": page.subject,
            "letter_text": page.as_text() if letter.parts else "",
            "attached": bool(on_paper),
        },
        files=on_paper,
    )


async def _on_paper(letter: Letter) -> tuple[Enclosed, ...]:
    """The letter ready to print, where there is something to print and something to print it with."""
    if not letter.parts or not pdf.available():
        return ()
    return (Enclosed("letter.pdf", "application/pdf", await sheet.of(letter).as_pdf()),)


async def _was_tried(letter_id: int) -> bool:
    """Whether it ever left for its reader; a letter that was only held did not."""
    return bool(await Delivery.exists().where(Delivery.letter == letter_id))
