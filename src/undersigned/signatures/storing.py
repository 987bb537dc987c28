"""The statements that write a whole batch of signatures at once, and the mail that is owed for them."""

from collections import Counter
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, outbox
from undersigned.settings import settings
from undersigned.signatures import counting, judging
from undersigned.signatures.arriving import came_by
from undersigned.signatures.counting import Totals
from undersigned.signatures.wishes import Wish


async def insert(
    new: list[tuple[Wish, int]], moves: Totals | None = None, strangers: bool = False
) -> set[tuple[int, str, str]]:
    """Write new signatures, the mail owed for each and the totals of who came, all in one statement.

    Answers who was written, as ``Wish.person``. Whoever is missing was written by somebody else in this moment,
    or came to a campaign that takes no names now; with ``strangers``, or has an address that has signed before.
    ``moves`` are totals that move with them: together, since the rows of totals are locked in one order.
    """
    moves = moves or Counter()
    if not new:
        await counting.add(moves)
        return set()
    steps = [(*place, step) for place, step in moves.items()]
    moved = [[step[column] for step in steps] for column in range(4)]
    rows = await database.fetch(_INSERT, *_columns(new), settings.mail_domain, *moved, strangers)
    return {(row["campaign"], row["email_key"], row["name_key"]) for row in rows}


# Every process inserts in one order, so that two batches cannot wait for each other.
_INSERT = f"""
    WITH given AS (
        SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[],
            $7::timestamptz[], $8::text[], $9::timestamptz[], $10::text[], $11::text[], $12::int[], $13::int[],
            $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[],
            $22::bool[], $23::bool[], $24::text[], $25::text[], $26::bigint[])
        AS given (campaign, name, name_key, email, email_key, slot, created_at, discounted_why, discounted_at, ip,
            flags, chapter, wording, postcode, country, constituency, match, data_release, words, words_state,
            organisation, shows_name, wants_updates, source, bucket, shared_by)
    ), new AS (
        INSERT INTO signature (campaign, name, name_key, email, email_key, slot, created_at, discounted_why,
            discounted_at, ip, flags, chapter, wording, postcode, country, constituency, match, data_release,
            words, words_state, organisation, shows_name, wants_updates, source, bucket, shared_by, number, mails)
        SELECT given.*, NULL, 1 FROM given JOIN campaign ON campaign.id = given.campaign AND {Campaign.TAKES_NAMES}
        WHERE NOT ($32 AND EXISTS (
            SELECT FROM signature s WHERE s.campaign = given.campaign AND s.email_key = given.email_key
        ))
        ORDER BY given.campaign, given.email_key, given.name_key
        ON CONFLICT DO NOTHING RETURNING id, campaign, name_key, email, email_key, created_at, source, bucket
    ), owed AS (
        {outbox.owing("'confirmation'", "new", "$27")}
    ), came AS (
        SELECT campaign, 'created' AS kind, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') AS key,
            1 AS step FROM new
        UNION ALL SELECT campaign, 'came', source || CASE bucket WHEN '' THEN '' ELSE ':' || bucket END, 1 FROM new
        UNION ALL SELECT * FROM unnest($28::int[], $29::text[], $30::text[], $31::int[])
    ), moved AS (
        INSERT INTO tally (campaign, kind, key, total) SELECT campaign, kind, key, sum(step) FROM came
        GROUP BY campaign, kind, key ORDER BY campaign, kind COLLATE "C", key COLLATE "C"
        ON CONFLICT (campaign, kind, key) DO UPDATE SET total = tally.total + excluded.total
    ) SELECT campaign, email_key, name_key FROM new
"""  # noqa: S608 - the condition is ours.


async def closed(campaign_ids: set[int]) -> set[int]:
    """Those of the campaigns that take no names now."""
    rows = await database.fetch(
        f"SELECT id FROM campaign WHERE id = ANY($1) AND NOT ({Campaign.TAKES_NAMES})",  # noqa: S608
        list(campaign_ids),
    )
    return {row["id"] for row in rows}


def _columns(new: list[tuple[Wish, int]]) -> list[list[Any]]:
    rows = [
        (
            wish.campaign_id,
            wish.form.name,
            wish.name_key,
            wish.form.email,
            wish.email_key,
            slot,
            wish.at,
            wish.why,
            wish.at if wish.why else None,
            wish.visit.ip,
            wish.flags,
            *_told(wish),
        )
        for wish, slot in new
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def _told(wish: Wish) -> tuple[Any, ...]:
    """What somebody who signs again tells us afresh, in the order that both statements take it."""
    return (
        wish.chapter_id,
        wish.wording_id,
        wish.postcode,
        wish.place.country,
        wish.place.gss_code,
        wish.place.match,
        wish.place.release,
        wish.form.words,
        "waiting" if wish.form.words or wish.form.organisation else "",
        wish.form.organisation,
        wish.form.shows_name,
        wish.form.wants_updates,
        wish.form.source,
        wish.form.bucket,
        wish.form.share,
    )


async def hold(signature_ids: list[int]) -> None:
    """Lock signatures that will be written, in the order in which everybody locks them."""
    if signature_ids:
        await database.fetch("SELECT id FROM signature WHERE id = ANY($1) ORDER BY id FOR UPDATE", signature_ids)


async def clear(signature_ids: list[int]) -> None:
    """Count those again, once they confirm, whom a rule has discounted; no total holds them yet.

    Else anybody could sign in somebody's name, with a fault that is held against them for good.
    """
    if signature_ids:
        await database.execute(
            """UPDATE signature SET discounted_at = NULL, discounted_why = ''
               WHERE id = ANY($1) AND (confirmed_at IS NULL OR withdrawn_at IS NOT NULL)""",
            signature_ids,
        )


async def drop(signature_ids: list[int]) -> Totals:
    """Remove signatures that were never confirmed; answers how the totals of who came move."""
    if not signature_ids:
        return Counter()
    rows = await database.fetch(
        """DELETE FROM signature WHERE id = ANY($1) AND confirmed_at IS NULL AND withdrawn_at IS NULL
           RETURNING campaign, created_at, source, bucket""",
        signature_ids,
    )
    moves: Totals = Counter()
    for row in rows:
        moves.subtract(counting.arrivals_of(row))
    return moves


async def take_back(back: list[tuple[Wish, int]]) -> tuple[list[tuple[str, int, str]], Totals]:
    """Keep the new form with a name that was taken off; it stays off until its owner confirms.

    Answers the mail that is owed for it, and how the totals of who came move: they stand by the form that we keep.
    """
    if not back:
        return [], Counter()
    rows = [(one, wish.at, wish.why, wish.visit.ip, wish.flags, *_told(wish)) for wish, one in back]
    found = await database.fetch(_BACK, *map(list, zip(*rows, strict=True)), list(judging.WHY))
    moves: Totals = Counter()
    for row in found:
        moves[row["campaign"], "came", came_by(row["came"], row["in_bucket"])] -= 1
        moves[row["campaign"], "came", came_by(row["source"], row["bucket"])] += 1
    return [("confirmation", row["id"], row["email"]) for row in found], moves


# What a rule held against the form that they sent before goes with that form; what staff decided stays.
_BACK = """
    UPDATE signature SET signed_again_at = given.at, mails = 1, looked_up_in = NULL, ip = given.ip,
        flags = given.flags, chapter = given.chapter, wording = given.wording, postcode = given.postcode,
        country = given.country, constituency = given.constituency, match = given.match,
        data_release = given.data_release, words = given.words, words_state = given.words_state,
        organisation = given.organisation, shows_name = given.shows_name, wants_updates = given.wants_updates,
        source = given.source, bucket = given.bucket, shared_by = given.shared_by,
        discounted_at = CASE WHEN discounted_at IS NOT NULL AND discounted_why <> ALL($21) THEN discounted_at
            WHEN given.why <> '' THEN given.at END,
        discounted_why = CASE WHEN discounted_at IS NOT NULL AND discounted_why <> ALL($21) THEN discounted_why
            ELSE given.why END
    FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::int[], $7::int[],
        $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
        $16::bool[], $17::bool[], $18::text[], $19::text[], $20::bigint[])
        AS given (id, at, why, ip, flags, chapter, wording, postcode, country, constituency, match, data_release,
                  words, words_state, organisation, shows_name, wants_updates, source, bucket, shared_by)
    WHERE signature.id = given.id AND withdrawn_at IS NOT NULL AND signed_again_at IS NULL
    RETURNING new.id, new.email, new.campaign, new.source, new.bucket, old.source AS came, old.bucket AS in_bucket
"""


async def send_again(again: list[dict[str, Any]], most: int) -> list[tuple[str, int, str]]:
    """Owe those who signed before another mail: the link, or that they have signed already; ``most`` in all."""
    if not again:
        return []
    rows = await database.fetch(_AGAIN, [row["id"] for row in again], most)
    return [("signed_already" if row["counted"] else "confirmation", row["id"], row["email"]) for row in rows]


_AGAIN = """
    UPDATE signature SET mails = mails + 1
    WHERE id = ANY($1) AND mails < $2 AND (withdrawn_at IS NULL OR signed_again_at IS NOT NULL)
    RETURNING id, email, confirmed_at IS NOT NULL AND withdrawn_at IS NULL AS counted
"""
