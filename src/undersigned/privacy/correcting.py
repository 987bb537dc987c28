"""What people put right on their own page: their name, whether it is shown, and whether they want news."""

from typing import Any

import asyncpg

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.signatures.tables import Signature
from undersigned.supporters import addresses, consents, names


class NameTaken(Refused):
    """The other person of the household is called that."""


async def correct_name(signature_id: int, email_key: str, name: str) -> None:
    """Put a name right; the number and the confirmation stay. Raises NotAName, NameTaken or Missing."""
    told: dict[Any, str] = {Signature.name: names.parse(name), Signature.name_key: addresses.name_key(name)}
    try:
        async with database.transaction():
            await _lock(signature_id, email_key)
            await Signature.update(told).where(Signature.id == signature_id)
    except asyncpg.UniqueViolationError as taken:
        raise NameTaken("Somebody else has signed with this address under that name.") from taken


async def show_name(signature_id: int, email_key: str, shows: bool) -> None:
    """Let a name be shown on the campaign's page, or no longer. Raises Missing."""
    wording = await consents.wording_id(consents.TO_BE_SHOWN)
    async with database.transaction():
        row = await _lock(signature_id, email_key)
        await Signature.update({Signature.shows_name: shows}).where(Signature.id == signature_id)
        if shows:
            await _agree(row, "shown", wording)
        else:
            await database.execute(_STOP, signature_id, "shown")


async def start_updates(signature_id: int, email_key: str) -> None:
    """Send news from now on, and keep the words that were agreed to. Twice is once. Raises Missing.

    Whoever has not confirmed yet agrees by confirming, so that nobody signs a stranger up for news.
    """
    wording = await consents.wording_id(consents.UPDATES)
    async with database.transaction():
        row = await _lock(signature_id, email_key)
        await Signature.update({Signature.wants_updates: True}).where(Signature.id == signature_id)
        await _agree(row, "updates", wording)


async def _agree(row: dict[str, Any], purpose: str, wording: int) -> None:
    if row["confirmed_at"] and not row["withdrawn_at"]:
        await database.execute(_AGREE, row["id"], wording, purpose)


_AGREE = """
    INSERT INTO consent (supporter, campaign_id, signature_id, purpose, wording, given_at)
    SELECT p.id, s.campaign, s.id, $3::text, $2, now()
    FROM signature s JOIN supporter p ON p.email_key = s.email_key
    WHERE s.id = $1 AND NOT EXISTS (
        SELECT FROM consent WHERE signature_id = $1 AND purpose = $3::text AND withdrawn_at IS NULL)
"""


async def stop_updates(signature_id: int, email_key: str) -> None:
    """Send no more news to one signer, who stays counted. Twice is once. Raises Missing."""
    async with database.transaction():
        await _lock(signature_id, email_key)
        await _stop(signature_id)


async def unsubscribe(signature_id: int) -> None:
    """As :func:`stop_updates`, for whoever holds the link of an e-mail: also when the name is off, or erased."""
    async with database.transaction():
        await _stop(signature_id)


async def _stop(signature_id: int) -> None:
    await Signature.update({Signature.wants_updates: False}).where(Signature.id == signature_id)
    await database.execute(_STOP, signature_id, "updates")


_STOP = """
    UPDATE consent SET withdrawn_at = now()
    WHERE signature_id = $1 AND purpose = $2 AND withdrawn_at IS NULL
"""


async def _lock(signature_id: int, email_key: str) -> dict[str, Any]:
    """The signature, if it is theirs and stands, or waits to stand again: what was taken off stays as it was."""
    row = await database.fetch_one(
        """SELECT * FROM signature WHERE id = $1 AND email_key = $2
             AND (withdrawn_at IS NULL OR signed_again_at IS NOT NULL) FOR UPDATE""",
        signature_id,
        email_key,
    )
    if row is None:
        raise Missing("This signature has been removed.")
    return row
