"""One statement that counts every signature of a campaign and lays the totals that we keep beside it.

Names and totals move together in one commit, so that a statement, which sees one moment, finds them equal however
many people sign meanwhile.
"""

from dataclasses import dataclass
from typing import Any, Final

from undersigned.kit import database
from undersigned.signatures.tables import Signature

KINDS: Final = {
    "count": "Signatures in all",
    "last number": "The last number given out",
    "chapter count": "Signatures of a chapter",
    "chapter": "By chapter",
    "constituency": "By constituency",
    "country": "By country",
    "created": "Signed, by hour",
    "confirmed": "Confirmed, by hour",
    "came": "Signed, by channel",
    "source": "Confirmed, by channel",
}
"""What is counted again, in words: three totals that stand in rows of their own, and every kind of tally."""
Drift = list[dict[str, Any]]


@dataclass(frozen=True)
class Counted:
    """How many stand behind a campaign, and each ``{"kind", "key", "held", "counted"}`` that differs."""

    slug: str
    total: int
    drift: Drift


async def compare(campaign_id: int) -> Counted:
    """Count every signature of a campaign; nothing is locked, nothing is changed."""
    rows = await database.fetch(_DIFFERENCES, campaign_id, list(KINDS))
    drift = [{name: row[name] for name in ("kind", "key", "held", "counted")} for row in rows if row["kind"]]
    return Counted(rows[0]["slug"], rows[0]["total"], drift)


# One pass over the rows: the sets of one statement are counted side by side. A total of nothing may be absent.
_DIFFERENCES = f"""
    WITH sets AS MATERIALIZED (
        SELECT GROUPING(country, constituency, chapter, confirmed, created, came) AS by, country, constituency,
            chapter, confirmed, created, came, count(*) AS arrived, count(*) FILTER (WHERE stands) AS standing,
            max(number) FILTER (WHERE stands) AS last
        FROM (SELECT country, constituency, chapter, number,
                  date_bin('1 hour', created_at, '2000-01-01+00') AS created,
                  date_bin('1 hour', confirmed_at, '2000-01-01+00') AS confirmed,
                  source || CASE bucket WHEN '' THEN '' ELSE ':' || bucket END AS came,
                  {Signature.COUNTS} AS stands
              FROM signature WHERE campaign = $1) AS each
        GROUP BY GROUPING SETS ((), (country), (constituency), (chapter), (confirmed), (created), (came))
    ), counted (kind, key, total) AS (
        SELECT 'count', '', standing FROM sets WHERE by = b'111111'::int
        UNION ALL SELECT 'last number', '', greatest(last, last_number) FROM sets, campaign
            WHERE by = b'111111'::int AND id = $1
        UNION ALL SELECT 'country', country, standing FROM sets WHERE by = b'011111'::int
        UNION ALL SELECT 'constituency', constituency, standing FROM sets WHERE by = b'101111'::int
        UNION ALL SELECT given.kind, chapter::text, standing FROM sets, (VALUES ('chapter'), ('chapter count'))
            AS given (kind) WHERE by = b'110111'::int
        UNION ALL SELECT 'confirmed', to_char(confirmed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24'), standing
            FROM sets WHERE by = b'111011'::int
        UNION ALL SELECT 'created', to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24'), arrived
            FROM sets WHERE by = b'111101'::int
        UNION ALL SELECT 'came', came, arrived FROM sets WHERE by = b'111110'::int
        UNION ALL SELECT 'source', came, standing FROM sets WHERE by = b'111110'::int
    ), held (kind, key, total) AS (
        SELECT kind, key, total FROM tally WHERE campaign = $1 AND kind = ANY($2)
        UNION ALL SELECT 'count', '', signature_count FROM campaign WHERE id = $1
        UNION ALL SELECT 'last number', '', last_number FROM campaign WHERE id = $1
        UNION ALL SELECT 'chapter count', id::text, signature_count FROM chapter WHERE campaign = $1
    ), differing AS (
        SELECT kind, key, coalesce(held.total, 0) AS held, coalesce(counted.total, 0) AS counted
        FROM held FULL JOIN (SELECT * FROM counted WHERE key IS NOT NULL) AS counted USING (kind, key)
        WHERE coalesce(held.total, 0) <> coalesce(counted.total, 0)
    ) SELECT campaign.slug, sets.standing AS total, differing.*
    FROM campaign JOIN sets ON by = b'111111'::int LEFT JOIN differing ON true
    WHERE campaign.id = $1 ORDER BY array_position($2, differing.kind), differing.key
"""  # noqa: S608 - the condition is ours.
