"""Everything we hold on a person, and taking it away."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.signatures import counting
from undersigned.signatures.tables import Signature

_SIGNATURES = """
    SELECT s.id, s.number, s.name, s.email, s.postcode, s.country, s.constituency, s.words, s.organisation,
           s.shows_name, s.wants_updates, s.created_at, s.confirmed_at, s.withdrawn_at,
           c.slug, c.title AS campaign_title
    FROM signature s JOIN campaign c ON c.id = s.campaign WHERE s.email_key = $1 ORDER BY s.id
"""
_LETTERS = """
    SELECT l.id, l.state, l.name, l.email, l.address, l.postcode, l.subject, l.paragraphs, l.created_at,
           l.confirmed_at, l.sent_at, c.title AS campaign_title, r.full_title AS representative
    FROM letter l JOIN campaign c ON c.id = l.campaign JOIN representative r ON r.id = l.representative
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


async def of(email_key: str) -> dict[str, list[dict[str, Any]]]:
    """All of it, by kind: what a person may see and take away (UK GDPR, articles 15 and 20)."""
    return {
        "signatures": await database.fetch(_SIGNATURES, email_key),
        "letters": await database.fetch(_LETTERS, email_key),
        "responses": await database.fetch(_RESPONSES, email_key),
        "consents": await database.fetch(_CONSENTS, email_key),
        "interests": await database.fetch(
            "SELECT name, email, region, created_at FROM interest WHERE email_key = $1", email_key
        ),
    }


async def withdraw(signature_id: int, email_key: str) -> None:
    """Take a name off: every total it stands in falls by one. Twice is once. Raises Missing."""
    async with database.transaction():
        row = await _lock(signature_id, email_key)
        if row["withdrawn_at"]:
            return
        await Signature.update({Signature.withdrawn_at: datetime.now(UTC)}).where(Signature.id == signature_id)
        await _uncount(row)
        await database.execute(
            """UPDATE consent SET withdrawn_at = now() FROM supporter
               WHERE supporter.id = consent.supporter AND supporter.email_key = $1
                 AND consent.campaign_id = $2 AND consent.withdrawn_at IS NULL""",
            email_key,
            row["campaign"],
        )


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


async def _uncount(row: dict[str, Any]) -> None:
    if not row["confirmed_at"] or row["discounted_at"]:
        return
    await database.execute(
        "UPDATE campaign SET signature_count = signature_count - 1 WHERE id = $1", row["campaign"]
    )
    if row["chapter"]:
        await database.execute(
            "UPDATE chapter SET signature_count = signature_count - 1 WHERE id = $1", row["chapter"]
        )
    await counting.add(Counter(dict.fromkeys(counting.places_of(row), -1)))


async def erase(email_key: str) -> None:
    """Take every trace of a person away (UK GDPR, article 17); totals fall by their signatures."""
    for row in await database.fetch(
        "SELECT id FROM signature WHERE email_key = $1 AND withdrawn_at IS NULL ORDER BY id", email_key
    ):
        await withdraw(row["id"], email_key)
    async with database.transaction():
        for statement in _ERASE:
            await database.execute(statement, email_key)


_THEIR_LETTERS = "(SELECT id FROM letter WHERE email_key = $1)"
_ERASE = [
    f"""DELETE FROM held_mail WHERE letter IN {_THEIR_LETTERS}
        OR inbound IN (SELECT inbound FROM response WHERE letter IN {_THEIR_LETTERS})""",  # noqa: S608
    f"""WITH gone AS (DELETE FROM response WHERE letter IN {_THEIR_LETTERS} RETURNING inbound)
        DELETE FROM inbound_mail WHERE id IN (SELECT inbound FROM gone)
            AND id NOT IN (SELECT inbound FROM response WHERE inbound IS NOT NULL
                           AND letter NOT IN {_THEIR_LETTERS})""",  # noqa: S608
    f"DELETE FROM delivery WHERE letter IN {_THEIR_LETTERS}",  # noqa: S608
    """DELETE FROM mail WHERE recipient IN (SELECT email FROM letter WHERE email_key = $1
        UNION SELECT email FROM signature WHERE email_key = $1)""",
    "DELETE FROM letter WHERE email_key = $1",
    "DELETE FROM signature WHERE email_key = $1",
    "DELETE FROM interest WHERE email_key = $1",
    "DELETE FROM consent WHERE supporter IN (SELECT id FROM supporter WHERE email_key = $1)",
    "DELETE FROM supporter WHERE email_key = $1",
]
