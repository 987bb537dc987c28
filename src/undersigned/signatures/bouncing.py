"""Addresses at which there is no mailbox: no news goes there until somebody confirms from it again."""

from typing import Final

from undersigned.kit import database, outbox
from undersigned.supporters import addresses

UNDELIVERABLE: Final = """(signature.bounced_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM signature AS later WHERE later.email_key = signature.email_key
        AND later.confirmed_at > signature.bounced_at))"""
"""SQL: mail to this signature's address came back, and nobody has pressed the button in one since."""


@outbox.when_undeliverable
async def note(recipient: str) -> None:
    """Mail to ``recipient`` came back. What they ask for themselves, such as a link, is sent all the same."""
    await database.execute(
        "UPDATE signature SET bounced_at = now() WHERE email_key = $1", addresses.key(recipient)
    )


async def is_undeliverable(signature_id: int) -> bool:
    """Whether mail to this signature's address comes back at present."""
    return bool(
        await database.fetch_one(f"SELECT id FROM signature WHERE id = $1 AND {UNDELIVERABLE}", signature_id)  # noqa: S608
    )


async def count(campaign_id: int) -> int:
    """How many of a campaign want news and get none, because mail to them comes back."""
    row = await database.fetch_one(
        f"""SELECT count(*)::int AS n FROM signature
            WHERE campaign = $1 AND bounced_at IS NOT NULL AND wants_updates AND {UNDELIVERABLE}""",  # noqa: S608
        campaign_id,
    )
    return int(row["n"]) if row else 0
