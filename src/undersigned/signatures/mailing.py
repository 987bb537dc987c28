"""One message to many who signed: a row first, then the walk that owes it to each of them, once.

What a chunk owes and how far the walk has gone commit together, so a worker that dies owes nobody anything twice.
A signature is held while its mail is written, so that whoever withdraws or is erased in that moment is passed
over, or takes the mail away with them.
"""

from datetime import datetime
from typing import Any, Final

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, leases, outbox
from undersigned.kit.broker import job
from undersigned.settings import settings
from undersigned.signatures import bouncing
from undersigned.signatures.tables import Signature

STANDS: Final = f"{Signature.COUNTS} AND signature.email <> ''"
FOR_WHOM: Final = {
    "pledge_reached": STANDS,
    "pledge_missed": STANDS,
    "update": f"""{STANDS} AND signature.wants_updates AND NOT {bouncing.UNDELIVERABLE}
        AND EXISTS (SELECT FROM "update" WHERE id = {{about}} AND coalesce(chapter, signature.chapter, 0)
            = coalesce(signature.chapter, 0))""",
}
"""SQL for who hears of each kind; ``{about}`` is the place of what it is about."""


async def begin(kind: str, campaign: Campaign, about: int, total: int, staff_id: int | None = None) -> int | None:
    """Owe a message to all whom ``kind`` is for, once; call it in the transaction that causes it.

    It holds ``campaign`` locked, so that its last number is the last: whoever is counted later reads it on the
    page. Answers the id of the mailing, or None when there was one before.
    """
    row = await database.fetch_one(
        """INSERT INTO mailing (campaign, kind, about, last_id, up_to, total, owed, staff_id, created_at)
           VALUES ($1, $2, $3, 0, $4, $5, 0, $6, now())
           ON CONFLICT (campaign, kind, about) DO NOTHING RETURNING id""",
        campaign.id,
        kind,
        about,
        campaign.last_number,
        total,
        staff_id,
    )
    return int(row["id"]) if row else None


async def count(kind: str, campaign_id: int, about: int) -> int:
    """How many would be owed it now."""
    condition = FOR_WHOM[kind].format(about="$2::bigint")
    row = await database.fetch(
        f"SELECT count(*) AS n FROM signature WHERE campaign = $1 AND $2::bigint IS NOT NULL AND {condition}",  # noqa: S608
        campaign_id,
        about,
    )
    return int(row[0]["n"])


async def catch_up(campaign_id: int, kinds: tuple[str, ...], restored: dict[int, datetime]) -> None:
    """Owe it to those whom these mailings were for, had they not been out of the count when the walk passed.

    ``restored`` are the signatures that were put back just now, each with the moment at which it was taken out.
    Who was to get it and had left when it was written gets it now; nobody is mailed it twice. It leaves the row
    of the mailing alone, since a walk may be holding that while it waits for one of these signatures.
    """
    await database.execute(
        _CATCH_UP,
        campaign_id,
        list(kinds),
        list(restored),
        list(restored.values()),
        settings.mail_domain,
        outbox.NOTHING_LEFT,
    )


_CATCH_UP = f"""
    WITH them AS (
        SELECT mailing.kind, mailing.id AS mailing, signature.id, signature.email
        FROM unnest($3::bigint[], $4::timestamptz[]) AS given (id, taken_out_at)
        JOIN signature ON signature.id = given.id
        JOIN mailing ON mailing.campaign = signature.campaign AND mailing.kind = ANY($2)
        LEFT JOIN mail ON mail.mailing = mailing.id AND mail.about = signature.id
        WHERE signature.campaign = $1 AND {STANDS}
            AND (signature.number <= mailing.up_to OR signature.confirmed_at < mailing.created_at)
            AND (mail.id IS NOT NULL OR mailing.done_at IS NULL OR taken_out_at < mailing.done_at)
        ORDER BY signature.id
    )
    {outbox.owing("kind", "them", "$5", "mailing")}
    ON CONFLICT (mailing, about) WHERE mailing IS NOT NULL DO UPDATE
        SET created_at = now(), due_at = now(), attempts = 0, dead_at = NULL, leased_until = NULL, last_answer = ''
        WHERE mail.sent_at IS NULL AND mail.last_answer = $6
"""  # noqa: S608 - our own condition.


@job(queue="mailing")
async def owe_to_many(mailing_id: int, lease: str) -> None:
    """Go on with a mailing that was lent to us, for a while."""
    if await leases.take("mailing", mailing_id, lease):
        await go_on(mailing_id)


OWED = leases.Owed("mailing", "done_at IS NULL", owe_to_many.send)


async def go_on(mailing_id: int) -> None:
    """Chunk after chunk, until everybody is owed it or others wait for this worker."""
    await leases.go_on("mailing", mailing_id, _step)


async def _step(mailing_id: int) -> bool:
    """One chunk. False when there is no more for us to do: it has ended, or another worker has taken this step."""
    seen = await database.fetch_one("SELECT * FROM mailing WHERE id = $1 AND done_at IS NULL", mailing_id)
    if seen is None:
        return False
    ids = await _next(seen)
    async with database.transaction():
        if not await _is_still(seen):
            return False
        await _owe(seen, ids)
    return bool(ids)


async def _next(seen: dict[str, Any]) -> list[int]:
    condition = FOR_WHOM[seen["kind"]].format(about="$4::bigint")
    rows = await database.fetch(
        f"""SELECT id FROM signature WHERE campaign = $1 AND id > $2 AND number <= $3 AND $4::bigint IS NOT NULL
            AND {condition} ORDER BY id LIMIT {leases.CHUNK}""",  # noqa: S608 - the conditions are ours.
        seen["campaign"],
        seen["last_id"],
        seen["up_to"],
        seen["about"],
    )
    return [row["id"] for row in rows]


async def _is_still(seen: dict[str, Any]) -> bool:
    """Whether nobody has gone on with it since it was read; if so, nobody can until we commit."""
    now = await database.fetch_one(
        "SELECT last_id FROM mailing WHERE id = $1 AND done_at IS NULL FOR UPDATE", seen["id"]
    )
    return now is not None and now["last_id"] == seen["last_id"]


async def _owe(seen: dict[str, Any], ids: list[int]) -> None:
    """Owe it to those of ``ids`` for whom it still is, and write down how far the walk has gone."""
    condition = FOR_WHOM[seen["kind"]].format(about="$3::bigint")
    owed = await database.execute(
        f"""WITH them AS (SELECT id, email FROM signature WHERE id = ANY($1) AND {condition} ORDER BY id FOR SHARE)
            {outbox.owing("$4", "them", "$5", "$2")} WHERE $3::bigint IS NOT NULL ON CONFLICT DO NOTHING""",  # noqa: S608
        ids,
        seen["id"],
        seen["about"],
        seen["kind"],
        settings.mail_domain,
    )
    await database.execute(
        """UPDATE mailing SET last_id = $2, owed = owed + $3, done_at = CASE WHEN $4 THEN now() END,
               leased_until = CASE WHEN NOT $4 THEN now() + make_interval(secs => $5) END WHERE id = $1""",
        seen["id"],
        ids[-1] if ids else seen["last_id"],
        owed,
        not ids,
        leases.AT_WORK_SECONDS,
    )
