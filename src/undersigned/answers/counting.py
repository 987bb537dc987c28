"""Counting what became of letters: all campaigns in one statement, so that no page has to."""

from datetime import timedelta

from undersigned.kit import database
from undersigned.settings import settings
from undersigned.signatures.tables import Tally

TWO_WEEKS = timedelta(days=14)


async def count() -> int:
    """Count everything afresh; answers how many pairs of campaign and representative there are.

    In rehearsal a letter reaches nobody who could answer, so only what went out for good is counted; a demo counts
    its own.
    """
    async with database.transaction():
        await database.execute("SELECT pg_advisory_xact_lock(hashtextextended('answers', 0))")
        found = await database.execute(_COUNT, settings.demo, Tally.FEWEST_SHOWN, TWO_WEEKS)
        await database.execute("DELETE FROM answered WHERE counted_at < now()")
    return found


_COUNT = """
    WITH went AS (
        SELECT l.id, l.campaign, l.representative, l.sent_at, l.channel, l.reply_to FROM letter l
        WHERE l.state IN ('sent', 'settled', 'scrubbed') AND l.sent_at IS NOT NULL AND ($1 OR EXISTS (
            SELECT FROM delivery d
            WHERE d.letter = l.id AND d.mode = 'live' AND d.outcome IN ('accepted', 'unknown')))
    ), came AS (
        SELECT letter, bool_or(kind = 'acknowledgement') AS acknowledged, bool_or(kind = 'answer') AS personal,
            min(received_at) FILTER (WHERE kind IN ('answer', 'form_reply')) AS at
        FROM response GROUP BY letter
    ), told AS (
        SELECT letter, answered_at AS at FROM follow_up WHERE answer = 'answer'
    ), known AS (
        SELECT w.*, c.acknowledged, c.personal, c.at IS NOT NULL AS answered,
            c.at IS NULL AND t.at IS NOT NULL AS reported,
            CASE WHEN c.at IS NOT NULL THEN greatest(0, extract(epoch FROM c.at - w.sent_at) / 86400) END AS days,
            CASE WHEN c.at IS NULL AND t.at IS NOT NULL
                THEN greatest(0, extract(epoch FROM t.at - w.sent_at) / 86400) END AS told_days
        FROM went w LEFT JOIN came c ON c.letter = w.id LEFT JOIN told t ON t.letter = w.id
    )
    INSERT INTO answered (campaign, representative, delivered, on_paper, recent, private, acknowledged, answered,
        standard, days, reported, reported_days, counted_at)
    SELECT campaign, representative, count(*), count(*) FILTER (WHERE channel = 'post'),
        count(*) FILTER (WHERE sent_at > now() - $3::interval), count(*) FILTER (WHERE reply_to = 'me'),
        count(*) FILTER (WHERE acknowledged), count(*) FILTER (WHERE answered),
        count(*) FILTER (WHERE answered AND NOT personal),
        CASE WHEN count(days) >= $2 THEN round(percentile_cont(0.5) WITHIN GROUP (ORDER BY days)) END,
        count(*) FILTER (WHERE reported),
        CASE WHEN count(told_days) >= $2 THEN round(percentile_cont(0.5) WITHIN GROUP (ORDER BY told_days)) END,
        now()
    FROM known GROUP BY campaign, representative
    ON CONFLICT (campaign, representative) DO UPDATE SET delivered = excluded.delivered,
        on_paper = excluded.on_paper, recent = excluded.recent, private = excluded.private,
        acknowledged = excluded.acknowledged, answered = excluded.answered, standard = excluded.standard,
        days = excluded.days, reported = excluded.reported, reported_days = excluded.reported_days,
        counted_at = excluded.counted_at
"""
