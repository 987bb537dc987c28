"""The privacy clock: what we said we would forget is forgotten on time, and the counts stay.

Each sweep may run at any hour and as often as it likes.
"""

from datetime import timedelta

from undersigned.campaigns.tables import Campaign
from undersigned.delivery import recovering
from undersigned.endorsements import endorsing
from undersigned.kit import database
from undersigned.letters.writing import WAITS
from undersigned.responses import attachments
from undersigned.signatures.criteria import PERSONAL
from undersigned.staff import audit
from undersigned.stances import quoting

TEXT_KEPT = timedelta(days=28)
CRITERIA_KEPT = timedelta(days=30)
ADDRESS_KEPT = timedelta(days=30)
LISTED_KEPT = timedelta(days=365)


async def keep_promises() -> dict[str, int]:
    """Run every sweep; how many rows each of them cleared."""
    return {
        "unfinished": await drop_unfinished_letters(),
        "held": await recovering.give_up_on_held(),
        "letters": await scrub_letters(),
        "mail": await drop_old_mail(),
        "files": await attachments.clear_away(),
        "identities": await anonymise(),
        "endorsements": await endorsing.forget(),
        "criteria": await forget_criteria(),
        "addresses": await forget_addresses(),
        "lists": await forget_lists(),
        "attendances": await forget_attendances(),
        "quotations": await quoting.forget_unanswered(TEXT_KEPT.days),
    }


async def drop_unfinished_letters() -> int:
    """Letters whose writer never said the last yes: they were told that we delete them after seven days."""
    return await database.execute(
        "DELETE FROM letter WHERE state IN ('draft', 'waiting') AND created_at < now() - $1::interval", WAITS
    )


async def scrub_letters() -> int:
    """Text, address and answers go 28 days after a letter was sent or failed, with what came back.

    What comes back later has 28 days of its own, so that whoever wrote can still read it.

    The row stays, without its words: that a letter was sent, or failed, stays counted.
    """
    async with database.transaction():
        ended = await database.fetch(
            """UPDATE letter SET paragraphs = '[]', answers = '{}', kept_blocks = '{}', edits = '{}',
                   own_words = '', likeness = '{}', resembles = NULL, address = '', subject = '',
                   state = CASE WHEN state = 'failed' THEN state ELSE 'scrubbed' END
               WHERE state IN ('sent', 'settled', 'failed') AND paragraphs <> '[]'
                 AND coalesce(ended_at, sent_at) < now() - $1::interval
               RETURNING id""",
            TEXT_KEPT,
        )
        await _scrub_responses([row["id"] for row in ended])
        late = await database.fetch(_LATE_RESPONSES, TEXT_KEPT)
        await _scrub_responses([row["letter"] for row in late])
    return len(ended)


async def _scrub_responses(letter_ids: list[int]) -> None:
    """The words of the answers, and the raw mail they came in; that there was an answer stays counted."""
    await database.execute(
        """UPDATE inbound_mail SET raw = ''::bytea, envelope_from = '', envelope_to = '{}'
           WHERE id IN (SELECT inbound FROM response WHERE letter = ANY($1))""",
        letter_ids,
    )
    await attachments.drop_of(letter_ids)
    await database.execute("DELETE FROM told_reply WHERE letter = ANY($1)", letter_ids)
    await database.execute(
        """UPDATE response SET text = '', quoted = '', subject = '', from_address = '', likeness = '{}'
           WHERE letter = ANY($1)""",
        letter_ids,
    )


_LATE_RESPONSES = """
    SELECT r.letter FROM response r JOIN letter l ON l.id = r.letter
    WHERE l.paragraphs = '[]' AND l.state IN ('scrubbed', 'failed')
        AND (r.text <> '' OR r.from_address <> '')
    GROUP BY r.letter HAVING max(r.received_at) < now() - $1::interval
    UNION SELECT t.letter FROM told_reply t JOIN letter l ON l.id = t.letter
    WHERE l.paragraphs = '[]' AND t.told_at < now() - $1::interval
"""


async def drop_old_mail() -> int:
    """Sent e-mail names its reader, and raw mail that is sorted its writer: 28 days are enough for both."""
    sent = (await database.fetch(_DROP_SENT, TEXT_KEPT))[0]["n"]
    raw = await database.execute(
        """UPDATE inbound_mail SET raw = ''::bytea, envelope_from = '', envelope_to = '{}'
           WHERE received_at < now() - $1::interval AND sorted_at IS NOT NULL AND length(raw) > 0""",
        TEXT_KEPT,
    )
    await database.execute(
        """DELETE FROM held_mail WHERE placed_at IS NULL AND created_at < now() - $1::interval""", TEXT_KEPT
    )
    return int(sent) + raw


# How many of a mailing went out must not rise because those that did not are forgotten.
_DROP_SENT = """
    WITH gone AS (
        DELETE FROM mail WHERE coalesce(sent_at, dead_at) < now() - $1::interval RETURNING mailing, sent_at
    ), unsent AS (
        SELECT mailing, count(*) AS n FROM gone WHERE sent_at IS NULL GROUP BY mailing
    ), kept AS (
        UPDATE mailing SET unsent = mailing.unsent + unsent.n FROM unsent WHERE mailing.id = unsent.mailing
    ) SELECT count(*) AS n FROM gone
"""


async def forget_criteria() -> int:
    """Whom a discounting looked for goes 30 days after it ended; a count that nothing came of goes whole.

    The signatures that it changed are known by its number, so it can still be undone.
    """
    counts = await database.execute(
        "DELETE FROM discounting WHERE state = 'counted' AND created_at < now() - $1::interval", CRITERIA_KEPT
    )
    ended = await database.execute(
        """UPDATE discounting SET criteria = (criteria - $2::text[]) || '{"forgotten": true}'
           WHERE state IN ('cancelled', 'done', 'reversed') AND ended_at < now() - $1::interval
             AND criteria ?| $2""",
        CRITERIA_KEPT,
        list(PERSONAL),
    )
    return counts + ended


async def forget_addresses() -> int:
    """From where on the internet somebody signed: it tells bursts from crowds, and 30 days are enough for that."""
    return await database.execute(
        "UPDATE signature SET ip = '' WHERE ip <> '' AND created_at < now() - $1::interval", ADDRESS_KEPT
    )


async def forget_attendances() -> int:
    """Who came goes four weeks after the gathering, as the form says; who never said yes, after a week."""
    return await database.execute(
        """DELETE FROM attendance WHERE occurs_on < current_date - $1::int
           OR (confirmed_at IS NULL AND created_at < now() - $2::interval)""",
        TEXT_KEPT.days,
        WAITS,
    )


async def forget_lists() -> int:
    """Who is listed goes too, blocked or allowed: an internet address after 30 days, as that of a signature does.

    A mailbox goes with the names of its campaign, and after a year where it is listed for every campaign. A domain
    stays, for it is nobody's; why it was listed is forgotten after a year, since that may name somebody.
    """
    async with database.transaction():
        gone = await database.fetch(_EXPIRED, ADDRESS_KEPT, LISTED_KEPT)
        for row in gone:
            entry = f"list entry {row.pop('id')}"
            await audit.record("list entry expired", entry, before=row, staff_id=audit.CLOCK)
        return len(gone) + await database.execute(
            "UPDATE listed SET why = '' WHERE why <> '' AND created_at < now() - $1::interval", LISTED_KEPT
        )


async def anonymise() -> int:
    """Names and addresses go when a campaign's retention ends; constituency, country and date stay.

    Retention counts from the end, which is ``closes_at`` or that of a pledge's deadline, whatever state the
    campaign is in, in months of its own choosing; one without a last day keeps its names until it has one. A
    supporter whom no other campaign knows is forgotten with it. Who only registered an interest is deleted,
    and so is an endorsement that its owner sent.
    """
    async with database.transaction():
        signatures = await database.execute(_ANONYMOUS_SIGNATURES)
        await database.execute(_FORGOTTEN_QUOTATIONS)
        letters = await database.execute(_ANONYMOUS_LETTERS)
        await database.execute(_FORGOTTEN_NOTICES)
        interests = await database.execute(_FORGOTTEN_INTERESTS)
        endorsements = await database.execute(_FORGOTTEN_ENDORSEMENTS)
        if signatures + letters:
            await database.execute(f"DELETE FROM consent WHERE supporter IN ({_UNKNOWN_NOW})")  # noqa: S608
            await database.execute(f"DELETE FROM supporter WHERE id IN ({_UNKNOWN_NOW})")  # noqa: S608
    return signatures + letters + interests + endorsements


_RETAINED_NO_MORE = f"{Campaign.ENDS_AT} + make_interval(months => campaign.retention_months) < now()"
_EXPIRED = f"""
    DELETE FROM listed WHERE (kind = 'ip' AND created_at < now() - $1::interval)
        OR (kind = 'email' AND campaign IS NULL AND created_at < now() - $2::interval)
        OR (kind = 'email' AND campaign IN (SELECT id FROM campaign WHERE {_RETAINED_NO_MORE}))
    RETURNING id, kind, verdict, campaign
"""  # noqa: S608 - our own condition.
_ANONYMOUS_SIGNATURES = f"""
    UPDATE signature SET name = '', name_key = 'signature ' || signature.id, email = '',
        email_key = 'signature ' || signature.id, postcode = '', words = '', organisation = '',
        words_state = '', shared_by = NULL, shows_name = false, wants_updates = false
    FROM campaign WHERE campaign.id = signature.campaign AND signature.email <> '' AND {_RETAINED_NO_MORE}
"""  # noqa: S608 - our own condition.
_ANONYMOUS_LETTERS = f"""
    UPDATE letter SET name = '', email = '', email_key = 'letter ' || letter.id, postcode = '', signature = NULL
    FROM campaign WHERE campaign.id = letter.campaign AND letter.email <> ''
        AND letter.state IN ('scrubbed', 'failed') AND letter.paragraphs = '[]' AND {_RETAINED_NO_MORE}
"""  # noqa: S608 - our own condition.
_FORGOTTEN_QUOTATIONS = f"""
    UPDATE quotation SET words = '' FROM letter, campaign WHERE letter.id = quotation.letter
        AND campaign.id = letter.campaign AND quotation.words <> '' AND {_RETAINED_NO_MORE}
"""  # noqa: S608 - our own condition.
_FORGOTTEN_NOTICES = f"""
    DELETE FROM notice USING interest, campaign WHERE interest.id = notice.interest
        AND campaign.id = interest.campaign AND {_RETAINED_NO_MORE}
"""  # noqa: S608 - our own condition.
_FORGOTTEN_INTERESTS = f"""
    DELETE FROM interest USING campaign WHERE campaign.id = interest.campaign AND {_RETAINED_NO_MORE}
"""  # noqa: S608 - our own condition.
_FORGOTTEN_ENDORSEMENTS = f"""
    DELETE FROM endorsement USING campaign WHERE campaign.id = endorsement.campaign AND endorsement.email <> ''
        AND {_RETAINED_NO_MORE}
"""  # noqa: S608 - our own condition.
_UNKNOWN_NOW = """
    SELECT supporter.id FROM supporter
    WHERE NOT EXISTS (SELECT FROM signature WHERE signature.email_key = supporter.email_key)
      AND NOT EXISTS (SELECT FROM letter WHERE letter.email_key = supporter.email_key)
"""
