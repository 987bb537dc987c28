"""One reminder to whoever signed a day ago and has not pressed the button; never a second.

Also to whom we do not count: everybody gets the same mail, so that nobody learns from theirs what we made of them.
"""

from datetime import timedelta
from typing import Final

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, outbox
from undersigned.kit.outbox import Composed, composes
from undersigned.settings import settings
from undersigned.signatures import confirmation
from undersigned.signatures.households import MOST_MAILS
from undersigned.signatures.tables import Signature

AFTER: Final = timedelta(hours=24)
UNTIL: Final = timedelta(days=7)
"""Whoever has left it for longer has decided; this also keeps a clock that was off from writing to everybody."""
CHUNK: Final = 500


async def remind() -> int:
    """Owe a reminder to whoever is due one, and say how many those were; twice or at once is the same as once."""
    reminded = 0
    while True:
        owed = await database.execute(_REMIND, AFTER, UNTIL, MOST_MAILS, CHUNK, settings.mail_domain)
        reminded += owed
        if owed < CHUNK:
            return reminded


# Marked and owed in one commit; rows that somebody else holds are left for the next look. Whoever still waits for
# the first mail, since it could not be sent yet, is not reminded of it.
_REMIND = f"""
    WITH due AS (
        SELECT signature.id FROM signature JOIN campaign ON campaign.id = signature.campaign
        WHERE confirmed_at IS NULL AND withdrawn_at IS NULL AND reminded_at IS NULL AND mails < $3 AND email <> ''
          AND signature.created_at < now() - $1::interval AND signature.created_at > now() - $2::interval
          AND {Campaign.TAKES_NAMES}
          AND NOT EXISTS (SELECT FROM mail WHERE about = signature.id AND kind = 'confirmation'
                          AND sent_at IS NULL AND dead_at IS NULL AND mailing IS NULL)
        ORDER BY signature.created_at LIMIT $4 FOR UPDATE OF signature SKIP LOCKED
    ), reminded AS (
        UPDATE signature SET reminded_at = now(), mails = mails + 1 FROM due WHERE signature.id = due.id
        RETURNING signature.id, email
    )
    {outbox.owing("'signature_reminder'", "reminded", "$5")}
"""  # noqa: S608 - the condition is ours.


@composes("signature_reminder")
async def write_signature_reminder(signature_id: int) -> Composed | None:
    """The reminder, if there is still something to press and the campaign still takes names."""
    signature = await Signature.with_campaign(signature_id)
    if signature is None or not signature.waits or not signature.campaign.takes_names:
        return None
    return Composed("signatures/emails/reminder", confirmation.asked(signature))
