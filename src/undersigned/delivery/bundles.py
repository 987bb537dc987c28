"""The one mail a day that takes all letters of a campaign to a reader: made up, tried, and never sent twice.

Each of its letters is written down as being sent before the first byte leaves, as one that goes alone is, so what
a crash leaves behind is found and judged in the same way.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from undersigned.delivery import by_bundle, by_email, office_hours, pacing, sending, switch
from undersigned.delivery.sending import Attempt
from undersigned.delivery.tables import Delivery
from undersigned.kit import database, pdf
from undersigned.kit.days import LONDON
from undersigned.letters.tables import Bundle, Letter
from undersigned.settings import settings

MOST = 300
"""Letters in one mail: some ten megabytes, laid out well within the time a worker has. The rest go next day."""
SPREAD = timedelta(hours=1)
"""Within which those of a morning leave, so that they do not all knock at once."""


async def make_up() -> int:
    """Put the letters that wait into the mail of today, one a day to each reader; answers how many mails that is.

    In office hours while delivery is live, and at any hour in rehearsal, which has no office to think of.
    """
    now, paced = datetime.now(UTC), await pacing.is_on()
    if not pdf.available() or (paced and not office_hours.opened_at(now)):
        return 0
    return await database.execute(
        _MAKE_UP, now.astimezone(LONDON).date(), settings.mail_domain, SPREAD if paced else timedelta(0), MOST
    )


_WAITS: Final = """l.state = 'ready' AND l.channel = 'email' AND l.due_at <= now()
    AND NOT EXISTS (SELECT FROM bundle b WHERE b.id = l.bundle AND b.kind = 'mail' AND b.ended_at IS NULL)"""
_MAKE_UP: Final = f"""
    WITH waiting AS (
        SELECT l.id, l.campaign, l.representative,
            row_number() OVER (PARTITION BY l.campaign, l.representative ORDER BY l.due_at, l.id) AS place
        FROM letter l JOIN campaign c ON c.id = l.campaign AND c.letters_go = 'daily'
        WHERE {_WAITS} AND {switch.NOT_STOPPED} AND {switch.GOES_NOW}
    ), made AS (
        INSERT INTO bundle (campaign, representative, kind, day, message_id, created_at, due_at, attempts)
        SELECT campaign, representative, 'mail', $1,
            '<' || replace(gen_random_uuid()::text, '-', '') || '@' || $2::text || '>', now(),
            now() + random() * $3::interval, 0
        FROM waiting WHERE place = 1
        ON CONFLICT (campaign, representative, day) WHERE kind = 'mail' DO NOTHING
        RETURNING id, campaign, representative
    ), put AS (
        UPDATE letter l SET bundle = made.id FROM made JOIN waiting USING (campaign, representative)
        WHERE l.id = waiting.id AND waiting.place <= $4 AND l.state = 'ready'
    )
    SELECT id FROM made
"""  # noqa: S608 - our own conditions.


async def deliver(bundle_id: int) -> None:
    """Make one attempt for the letters of a bundle that are ready; it has ended when none waits any more."""
    bundle = await Bundle.objects().where(Bundle.id == bundle_id, Bundle.ended_at.is_null()).first()
    mode = await switch.mode()
    if bundle is None or mode == switch.STOP or await _is_interrupted(bundle_id):
        return
    letters = await _those_that_may(bundle_id)
    if mode != switch.LIVE and any([await switch.was_live(letter.confirmed_at) for letter in letters]):
        return
    if letters and not await _comes_later(bundle_id):
        await _try(bundle, letters, mode)
    await _go_on_or_end(bundle_id)


async def _is_interrupted(bundle_id: int) -> bool:
    """Whether an attempt has been broken off: what became of it is found out first."""
    return bool(await Letter.exists().where(Letter.bundle == bundle_id, Letter.state == "sending"))


async def _comes_later(bundle_id: int) -> bool:
    """Whether one of them has to wait still: they go together, or the same Message-ID would be on two mails."""
    return bool(
        await Letter.exists().where(
            Letter.bundle == bundle_id, Letter.state == "ready", Letter.due_at > datetime.now(UTC)
        )
    )


async def _those_that_may(bundle_id: int) -> list[Letter]:
    """Its letters that still have their reader; the others are held, each with its reason."""
    ids = await database.fetch(
        "SELECT id FROM letter WHERE bundle = $1 AND state = 'ready' ORDER BY id", bundle_id
    )
    whole = [letter for row in ids if (letter := await Letter.whole(row["id"]))]
    reasons = [await sending.why_not(letter) for letter in whole]
    for letter, reason in zip(whole, reasons, strict=True):
        if reason:
            await sending.hold(letter, reason)
    return [letter for letter, reason in zip(whole, reasons, strict=True) if not reason]


async def _try(bundle: Bundle, letters: list[Letter], mode: str) -> None:
    recipient = await by_email.recipient_of(letters[0], mode)
    message = await by_bundle.compose(bundle, letters, mode, recipient)
    attempts = await _begin(bundle, letters, mode, recipient)
    if attempts:
        marker = sending.hand_over_marker([delivery.id for _, delivery in attempts], mode)
        await sending.conclude(attempts, by_bundle.send(message, bundle, recipient, marker))


async def _begin(bundle: Bundle, letters: list[Letter], mode: str, recipient: str) -> list[Attempt]:
    """Write down that we are about to try, for all of them; none when one was withdrawn since they were read."""
    ids = [letter.id for letter in letters]
    async with database.transaction():
        held = await database.fetch(
            "SELECT id FROM letter WHERE id = ANY($1) AND bundle = $2 AND state = 'ready' ORDER BY id FOR UPDATE",
            ids,
            bundle.id,
        )
        if len(held) < len(ids):
            return []
        await database.execute(
            """UPDATE letter SET state = 'sending', reason = '',
                   leased_until = (SELECT leased_until FROM bundle WHERE id = $2) WHERE id = ANY($1)""",
            ids,
            bundle.id,
        )
        return [(letter, await _written_down(letter.id, mode, recipient)) for letter in letters]


async def _written_down(letter_id: int, mode: str, recipient: str) -> Delivery:
    delivery = Delivery(
        letter=letter_id, channel="bundle", mode=mode, recipient=recipient, started_at=datetime.now(UTC)
    )
    await delivery.save()
    return delivery


async def _go_on_or_end(bundle_id: int) -> None:
    """When the last of its letters may be tried again, or that none of them waits."""
    await database.execute(
        """UPDATE bundle SET attempts = attempts + 1, leased_until = NULL,
               due_at = coalesce(waits.until, due_at), ended_at = CASE WHEN waits.until IS NULL THEN now() END
           FROM (SELECT max(due_at) AS until FROM letter
                 WHERE bundle = $1 AND state IN ('ready', 'sending')) AS waits
           WHERE id = $1""",
        bundle_id,
    )
