"""The e-mail that we owe people, as the desk shows it: how much waits, and how much would not go."""

from typing import Any, Final

from undersigned.kit import database
from undersigned.kit.outbox import NOTHING_LEFT

WORDS: Final = {
    "confirmation": "Links to confirm a signature",
    "signature_reminder": "Reminders of a signature",
    "signed_already": "Notes that somebody has signed already",
    "letter_confirmation": "Links to send a letter",
    "letter_draft": "Links to a letter that was put aside",
    "endorsement": "Links to confirm an endorsement",
    "endorsement_shown": "Word of endorsements that are shown",
    "endorsement_refused": "Word of endorsements that are not shown",
    "contact_failing": "Notes to staff that mail to an MP comes back",
    "letter_off": "Notes that a letter was sent without another question",
    "letter_held": "Notes that a letter has been held for a day",
    "letter_reminder": "Reminders of a letter",
    "reply": "Answers to a letter, passed on",
    "follow_up": "Questions after two weeks",
    "follow_up_again": "Questions after three weeks",
    "attendance": "Links to say that one is coming",
    "attendance_place": "Word of places that came free",
    "attendance_reminder": "Reminders of gatherings",
    "attendance_moved": "Word of gatherings that were moved",
    "attendance_off": "Word of gatherings that were called off",
    "gathering_set": "Word of gatherings that have a date",
    "centres_to_check": "Notes to staff that centres should be checked",
    "quotation": "Questions whether words may be shown",
    "invitation": "Invitations to make a pledge",
    "invitation_answered": "Word of invitations that were answered",
    "delivery_failed": "Notes that a letter did not arrive",
    "sign_in": "Links to sign in to the desk",
    "members_waiting": "Notes that a list of members waits",
    "totals_differ": "Notes that totals differ",
    "update": "News to those who asked for it",
    "update_trial": "News to whoever wants to see it first",
    "pledge_reached": "News that a pledge holds",
    "pledge_missed": "News that a pledge was missed",
}


async def by_kind() -> list[dict[str, Any]]:
    """Each kind of which some wait or were given up in the last 7 days, those with most trouble first.

    ``trying`` were put off by a mail server and are tried again by themselves. Of an answer only its code is told,
    for the words may hold an address.
    """
    rows = await database.fetch(_OWED, NOTHING_LEFT)
    return [row | {"what": WORDS.get(row["kind"], row["kind"].replace("_", " "))} for row in rows]


_OWED = """
    WITH owed AS (
        SELECT kind, attempts, last_answer, dead_at FROM mail
            WHERE sent_at IS NULL AND dead_at IS NULL AND mailing IS NULL AND (due_at <= now() OR attempts > 0)
        UNION ALL SELECT kind, attempts, last_answer, dead_at FROM mail
            WHERE sent_at IS NULL AND dead_at IS NULL AND mailing IS NOT NULL
        UNION ALL SELECT kind, attempts, last_answer, dead_at FROM mail
            WHERE dead_at > now() - interval '7 days' AND last_answer <> $1
    ) SELECT kind, count(*) FILTER (WHERE dead_at IS NULL AND attempts = 0) AS waiting,
        count(*) FILTER (WHERE dead_at IS NULL AND attempts > 0) AS trying, count(dead_at) AS given_up,
        coalesce(mode() WITHIN GROUP (ORDER BY substring(last_answer FROM '^[245]\\d\\d')), '') AS answer
    FROM owed GROUP BY kind ORDER BY count(dead_at) DESC, trying DESC, kind
"""
