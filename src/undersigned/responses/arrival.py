"""Mail at the door: its bytes are stored before anybody is told that we have them."""

import hashlib

from undersigned.kit import database

LONGEST_ADDRESS = 254


async def arrive(raw: bytes, sender: str, recipients: list[str]) -> int | None:
    """Store one mail durably and give its row's id; None when the very same mail is here already.

    ``sender`` is the envelope's, empty for ``<>``. The row is committed on return; the relay finds it, so
    nobody is reminded. Raises Unavailable when the database is away: then nothing was stored.
    """
    to = sorted({_storable(address) for address in recipients})
    row = await database.fetch_one(
        """INSERT INTO inbound_mail (raw, digest, envelope_from, envelope_to, received_at, attempts, outcome)
           VALUES ($1, $2, $3, $4, now(), 0, '') ON CONFLICT (digest) DO NOTHING RETURNING id""",
        raw,
        _digest(raw, to),
        _storable(sender),
        to,
    )
    return row["id"] if row else None


def _digest(raw: bytes, recipients: list[str]) -> str:
    seen = hashlib.sha256(raw)
    seen.update(b"\0" + "\0".join(recipients).encode())
    return seen.hexdigest()


def _storable(address: str) -> str:
    """An address as a row can hold it: peers may send bytes that are no text at all."""
    bare = address.strip().removeprefix("<").removesuffix(">").replace("\0", "")
    return bare.encode("utf-8", "replace").decode()[:LONGEST_ADDRESS]
