"""Everything we hold on a person, and taking it away."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from undersigned.endorsements import pictures
from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.kit.outbox import NOTHING_LEFT
from undersigned.responses import attachments
from undersigned.signatures import announcing, counting, sharing
from undersigned.signatures.tables import Signature

_SIGNATURES = """
    SELECT s.id, s.number, s.name, s.email, s.postcode, s.country, s.constituency, s.words, s.organisation,
           s.match, s.words_state, s.shows_name, s.wants_updates, s.source, s.bucket, s.ip, s.created_at,
           s.confirmed_at, s.withdrawn_at, s.signed_again_at, s.reminded_at, s.bounced_at, c.slug,
           c.title AS campaign_title, chapter.name AS chapter
    FROM signature s JOIN campaign c ON c.id = s.campaign LEFT JOIN chapter ON chapter.id = s.chapter
    WHERE s.email_key = $1 ORDER BY s.id
"""
_LETTERS = """
    SELECT l.id, l.state, l.name, l.email, l.address, l.postcode, l.subject, l.paragraphs, l.answers, l.edits,
           l.created_at, l.confirmed_at, l.sent_at, w.text AS wording, c.title AS campaign_title,
           r.full_title AS representative, CASE WHEN l.state = 'failed' THEN l.reason ELSE '' END AS reason
    FROM letter l JOIN campaign c ON c.id = l.campaign JOIN representative r ON r.id = l.representative
    JOIN wording w ON w.id = l.wording
    WHERE l.email_key = $1 ORDER BY l.id
"""
_CONSENTS = """
    SELECT k.purpose, w.text AS wording, k.given_at, k.withdrawn_at FROM consent k
    JOIN supporter p ON p.id = k.supporter JOIN wording w ON w.id = k.wording WHERE p.email_key = $1 ORDER BY k.id
"""
_RESPONSES = """
    SELECT a.letter, a.kind, a.from_name, a.subject, a.text, a.received_at FROM response a
    JOIN letter l ON l.id = a.letter WHERE l.email_key = $1 ORDER BY a.id
"""
_TOLD = """
    SELECT t.letter, t.kind, t.came_by, t.text, t.may_show, t.told_at, w.text AS wording FROM told_reply t
    JOIN letter l ON l.id = t.letter LEFT JOIN wording w ON w.id = t.wording WHERE l.email_key = $1 ORDER BY t.id
"""
_FILES = """
    SELECT l.id AS letter, a.name, a.type, a.size, a.told IS NOT NULL AS told FROM attachment a
    LEFT JOIN response r ON r.id = a.response LEFT JOIN told_reply t ON t.id = a.told
    JOIN letter l ON l.id = coalesce(r.letter, t.letter) WHERE l.email_key = $1 ORDER BY a.id
"""
_FOLLOW_UPS = """
    SELECT f.letter, f.asked_at, f.asked_again_at, f.answer, f.answered_at FROM follow_up f
    JOIN letter l ON l.id = f.letter WHERE l.email_key = $1 ORDER BY f.id
"""
_QUOTATIONS = """
    SELECT q.letter, q.words, q.answer, q.asked_at, q.answered_at, w.text AS wording FROM quotation q
    JOIN letter l ON l.id = q.letter LEFT JOIN wording w ON w.id = q.wording WHERE l.email_key = $1 ORDER BY q.id
"""
_DELIVERIES = """
    SELECT d.letter, d.channel, d.mode, d.started_at, d.handed_at, d.finished_at, d.outcome FROM delivery d
    JOIN letter l ON l.id = d.letter WHERE l.email_key = $1 ORDER BY d.id
"""
_INTERESTS = """
    SELECT i.name, i.email, i.region, i.wording, i.created_at, c.title AS campaign_title
    FROM interest i JOIN campaign c ON c.id = i.campaign WHERE i.email_key = $1 ORDER BY i.id
"""
_ATTENDANCES = """
    SELECT e.title AS event, a.occurs_on, a.name, a.email, a.created_at, a.confirmed_at, a.place_at,
           a.cancelled_at, a.reminded_at, w.text AS wording FROM attendance a
    JOIN event e ON e.id = a.event JOIN wording w ON w.id = a.wording WHERE a.email_key = $1 ORDER BY a.id
"""
_ENDORSEMENTS = """
    SELECT e.id, e.kind, e.name, e.role, e.organisation, e.quote, e.picture IS NOT NULL AS has_picture, e.email,
           e.state, e.reason, e.created_at, e.confirmed_at, e.decided_at, w.text AS wording, c.slug,
           c.title AS campaign_title, h.name AS chapter
    FROM endorsement e JOIN campaign c ON c.id = e.campaign LEFT JOIN chapter h ON h.id = e.chapter
    LEFT JOIN wording w ON w.id = e.wording WHERE e.email_key = $1 ORDER BY e.id
"""
_LISTS = """
    SELECT l.verdict, l.why, l.created_at, c.title AS campaign_title FROM listed l
    LEFT JOIN campaign c ON c.id = l.campaign
    WHERE l.kind = 'email' AND l.verdict = 'allow' AND l.value = $1 ORDER BY l.id
"""
_THEIR_ADDRESSES = """(SELECT email FROM letter WHERE email_key = $1
    UNION SELECT email FROM signature WHERE email_key = $1
    UNION SELECT email FROM endorsement WHERE email_key = $1
    UNION SELECT email FROM interest WHERE email_key = $1
    UNION SELECT email FROM attendance WHERE email_key = $1)"""
_MAIL = f"""
    SELECT kind, recipient, created_at, due_at, sent_at FROM mail WHERE recipient IN {_THEIR_ADDRESSES} ORDER BY id
"""  # noqa: S608 - our own condition.


async def of(email_key: str) -> dict[str, list[dict[str, Any]]]:
    """All of it, by kind: what a person may see and take away (UK GDPR, articles 15 and 20).

    Flags, reasons not to count and blocks are held back, since they would show an abuser how to pass unseen; whose
    link brought somebody is held back too, since it is another's. The privacy notice says both.
    """
    return {
        "signatures": await _with_brought(await database.fetch(_SIGNATURES, email_key)),
        "letters": [_with_words(row) for row in await database.fetch(_LETTERS, email_key)],
        "deliveries": await database.fetch(_DELIVERIES, email_key),
        "responses": await database.fetch(_RESPONSES, email_key),
        "told_replies": await database.fetch(_TOLD, email_key),
        "files": await database.fetch(_FILES, email_key),
        "follow_ups": await database.fetch(_FOLLOW_UPS, email_key),
        "quotations": await database.fetch(_QUOTATIONS, email_key),
        "endorsements": await database.fetch(_ENDORSEMENTS, email_key),
        "consents": await database.fetch(_CONSENTS, email_key),
        "interests": await database.fetch(_INTERESTS, email_key),
        "attendances": await database.fetch(_ATTENDANCES, email_key),
        "lists": await database.fetch(_LISTS, email_key),
        "mail": await database.fetch(_MAIL, email_key),
    }


async def _with_brought(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with how many came by its link. Who they are is theirs to say."""
    brought = await sharing.brought([row["id"] for row in rows])
    return [row | {"brought": brought[row["id"]]} for row in rows]


def _with_words(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: json.loads(row[name]) for name in ("paragraphs", "answers", "edits")}


async def withdraw(signature_id: int, email_key: str) -> None:
    """Take a name off: every total it stands in falls by one. Twice is once. Raises Missing.

    A wish to sign again that waits for its confirmation is taken back with it.
    """
    async with database.transaction():
        row = await _lock(signature_id, email_key)
        off_at = row["withdrawn_at"] or datetime.now(UTC)
        await Signature.update({Signature.withdrawn_at: off_at, Signature.signed_again_at: None}).where(
            Signature.id == signature_id
        )
        if not row["withdrawn_at"]:
            await _uncount([row])
            await database.execute(_WITHDRAW_CONSENT, signature_id, ["sign", "updates", "shown"])
    await announcing.tell_again(row["campaign"])


_WITHDRAW_CONSENT = """
    UPDATE consent SET withdrawn_at = now()
    WHERE signature_id = $1 AND purpose = ANY($2) AND withdrawn_at IS NULL
"""


async def _lock(signature_id: int, email_key: str) -> dict[str, Any]:
    """The signature with its campaign locked first, in the order that confirming uses."""
    await database.fetch(
        "SELECT id FROM campaign WHERE id = (SELECT campaign FROM signature WHERE id = $1) FOR NO KEY UPDATE",
        signature_id,
    )
    row = await database.fetch_one(
        "SELECT * FROM signature WHERE id = $1 AND email_key = $2 FOR UPDATE", signature_id, email_key
    )
    if row is None:
        raise Missing("This signature has been removed.")
    return row


async def _uncount(rows: list[dict[str, Any]], also: Counter[tuple[int, str, str]] | None = None) -> None:
    """Lower every total by those of ``rows`` that stand in it, and by ``also``, all totals in one statement."""
    standing = [row for row in rows if row["confirmed_at"] and not (row["discounted_at"] or row["withdrawn_at"])]
    for table, column in (("campaign", "campaign"), ("chapter", "chapter")):
        for row_id, total in sorted(Counter(row[column] for row in standing if row[column]).items()):
            await database.execute(
                f"UPDATE {table} SET signature_count = signature_count - $2 WHERE id = $1",  # noqa: S608 - our words.
                row_id,
                total,
            )
    gone = Counter(place for row in standing for place in counting.places_of(row)) + (also or Counter())
    await counting.add(Counter({place: -total for place, total in gone.items()}))


async def erase(email_key: str) -> None:
    """Take every trace of a person away (UK GDPR, article 17); all totals fall by their signatures."""
    async with database.transaction():
        for lock in _LOCKS:
            await database.fetch(lock, email_key)
        for statement in _ERASE:
            await database.execute(statement, email_key)
        gone = await database.fetch(_ERASE_SIGNATURES, email_key)
        await _uncount(gone, Counter(place for row in gone for place in counting.arrivals_of(row)))
    await attachments.clear_away()
    await pictures.clear_away()
    for campaign_id in sorted({row["campaign"] for row in gone}):
        await announcing.tell_again(campaign_id)


# Whoever is just owing them an e-mail holds one of these rows: we wait, see the e-mail, and take it away too.
_LOCKS = [
    """SELECT id FROM campaign WHERE id IN (SELECT campaign FROM signature WHERE email_key = $1)
       ORDER BY id FOR NO KEY UPDATE""",
    "SELECT id FROM signature WHERE email_key = $1 ORDER BY id FOR UPDATE",
    "SELECT id FROM letter WHERE email_key = $1 ORDER BY id FOR UPDATE",
    "SELECT id FROM endorsement WHERE email_key = $1 ORDER BY id FOR UPDATE",
]
_ERASE_SIGNATURES = """
    DELETE FROM signature WHERE email_key = $1
    RETURNING campaign, chapter, country, constituency, source, bucket, created_at, confirmed_at, withdrawn_at,
        discounted_at
"""

_THEIR_LETTERS = "(SELECT id FROM letter WHERE email_key = $1)"
_ERASE = [
    f"""DELETE FROM held_mail WHERE letter IN {_THEIR_LETTERS}
        OR inbound IN (SELECT inbound FROM response WHERE letter IN {_THEIR_LETTERS})""",  # noqa: S608
    f"""DELETE FROM attachment WHERE response IN (SELECT id FROM response WHERE letter IN {_THEIR_LETTERS})
        OR told IN (SELECT id FROM told_reply WHERE letter IN {_THEIR_LETTERS})""",  # noqa: S608
    f"""WITH gone AS (DELETE FROM response WHERE letter IN {_THEIR_LETTERS} RETURNING inbound)
        DELETE FROM inbound_mail WHERE id IN (SELECT inbound FROM gone)
            AND id NOT IN (SELECT inbound FROM response WHERE inbound IS NOT NULL
                           AND letter NOT IN {_THEIR_LETTERS})""",  # noqa: S608
    f"DELETE FROM quotation WHERE letter IN {_THEIR_LETTERS}",  # noqa: S608
    f"DELETE FROM told_reply WHERE letter IN {_THEIR_LETTERS}",  # noqa: S608
    f"DELETE FROM follow_up WHERE letter IN {_THEIR_LETTERS}",  # noqa: S608
    f"DELETE FROM delivery WHERE letter IN {_THEIR_LETTERS}",  # noqa: S608
    # One of many stays as a number: to how many a message went must not change because one of them is gone.
    f"""UPDATE mail SET recipient = '', last_answer = '{NOTHING_LEFT}',
            dead_at = CASE WHEN sent_at IS NULL THEN coalesce(dead_at, now()) ELSE dead_at END
        WHERE mailing IS NOT NULL AND recipient IN {_THEIR_ADDRESSES}""",  # noqa: S608
    f"DELETE FROM mail WHERE recipient IN {_THEIR_ADDRESSES}",  # noqa: S608
    "DELETE FROM discounting WHERE state = 'counted' AND criteria ->> 'email' = $1",
    # One that is under way has nothing left to find, and without its address would mean everybody: it ends.
    """UPDATE discounting SET criteria = (criteria - 'email') || '{"forgotten": true}',
           state = CASE state WHEN 'running' THEN 'done' ELSE state END,
           ended_at = CASE state WHEN 'running' THEN now() ELSE ended_at END
       WHERE state <> 'counted' AND criteria ->> 'email' = $1""",
    # Erasing must not undo a block: of that stays what recognises the mailbox and does not name it.
    """UPDATE listed SET value = 'sha256:' || encode(sha256(convert_to($1::text, 'UTF8')), 'hex'), why = ''
       WHERE kind = 'email' AND verdict = 'block' AND value = $1 AND NOT EXISTS (
           SELECT FROM listed AS other WHERE other.kind = 'email'
             AND coalesce(other.campaign, 0) = coalesce(listed.campaign, 0)
             AND other.value = 'sha256:' || encode(sha256(convert_to($1::text, 'UTF8')), 'hex'))""",
    "DELETE FROM listed WHERE kind = 'email' AND value = $1",
    "DELETE FROM letter WHERE email_key = $1",
    "UPDATE signature SET shared_by = NULL WHERE shared_by IN (SELECT id FROM signature WHERE email_key = $1)",
    "DELETE FROM notice WHERE interest IN (SELECT id FROM interest WHERE email_key = $1)",
    "DELETE FROM interest WHERE email_key = $1",
    "DELETE FROM attendance WHERE email_key = $1",
    "DELETE FROM endorsement WHERE email_key = $1",
    "DELETE FROM consent WHERE supporter IN (SELECT id FROM supporter WHERE email_key = $1)",
    "DELETE FROM supporter WHERE email_key = $1",
]
