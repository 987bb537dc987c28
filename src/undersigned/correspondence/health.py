"""How handing over goes, by the domain that mail is for, as the desk shows it: where it stands still, and why.

Of an answer only its code is told, for the words may hold an address.
"""

from typing import Any, Final

from undersigned.delivery import switch
from undersigned.kit import database
from undersigned.kit.outbox import NOTHING_LEFT
from undersigned.staff import operator

NEWEST: Final = 20_000
"""Messages to people that are looked at of each kind; more of them would say the same, and later."""
FEWEST: Final = 5
"""People at a domain that has a line of its own; a domain of somebody's own is as good as their name."""
OTHERS: Final = "Other domains"


async def of_letters(days: int = 7) -> list[dict[str, Any]]:
    """Each domain of readers with attempts in the last days or letters that wait, most trouble first.

    ``answer`` is the newest one's code, given at ``answered_at``; ``waits_since`` is since when the oldest letter
    that has not gone could have.
    """
    live = await switch.mode() == switch.LIVE
    return await database.fetch(_LETTERS, days, "" if live else await operator.address())


_CODE: Final = r"""substring({text} FROM '^([245]\d\d(?: [245]\.\d{{1,3}}\.\d{{1,3}})?)(?:\D|$)')"""
_SAID: Final = f"""coalesce({_CODE.format(text="concat_ws(' ', code, answer)")}, '')"""
_LETTERS: Final = f"""
    WITH tried AS (
        SELECT lower(split_part(recipient, '@', 2)) AS domain, count(*) AS tried,
            count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
            count(*) FILTER (WHERE outcome = 'postponed') AS postponed,
            count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
            count(*) FILTER (WHERE outcome = 'unknown') AS unknown,
            (array_agg({_SAID} ORDER BY id DESC) FILTER (WHERE finished_at IS NOT NULL))[1] AS answer,
            max(finished_at) AS answered_at
        FROM delivery WHERE started_at > now() - make_interval(days => $1) AND recipient <> '' GROUP BY domain
    ), waits AS (
        SELECT lower(split_part(coalesce(nullif($2, ''), r.email), '@', 2)) AS domain, count(*) AS waiting,
            min(l.confirmed_at) AS waits_since
        FROM letter l JOIN representative r ON r.id = l.representative
        WHERE l.state IN ('ready', 'sending') AND l.channel = 'email' AND r.email <> '' GROUP BY domain
    )
    SELECT domain, coalesce(tried, 0) AS tried, coalesce(accepted, 0) AS accepted,
        coalesce(postponed, 0) AS postponed, coalesce(rejected, 0) AS rejected, coalesce(unknown, 0) AS unknown,
        answer, answered_at, coalesce(waiting, 0) AS waiting, waits_since
    FROM tried FULL JOIN waits USING (domain)
    ORDER BY coalesce(rejected, 0) + coalesce(postponed, 0) + coalesce(unknown, 0) DESC, coalesce(tried, 0) DESC
    LIMIT 50
"""  # noqa: S608 - our own words.


async def of_mail(days: int = 7) -> list[dict[str, Any]]:
    """Each domain of at least FEWEST people to whom we sent or owe e-mail, and one line for all others.

    ``tried_again`` were put off and wait; the rest is as in :func:`of_letters`.
    """
    return await database.fetch(_MAIL, days, NOTHING_LEFT, NEWEST, FEWEST, OTHERS)


_OWED: Final = "sent_at IS NULL AND dead_at IS NULL AND mailing IS"
_ROW: Final = "id, recipient, created_at, due_at, attempts, sent_at, dead_at, last_answer"
_MAIL: Final = f"""
    WITH looked_at AS (
        (SELECT {_ROW} FROM mail WHERE {_OWED} NULL ORDER BY id LIMIT $3)
        UNION ALL (SELECT {_ROW} FROM mail WHERE {_OWED} NOT NULL ORDER BY id LIMIT $3)
        UNION ALL (SELECT {_ROW} FROM mail
            WHERE coalesce(sent_at, dead_at) > now() - make_interval(days => $1)
            ORDER BY coalesce(sent_at, dead_at) DESC LIMIT $3)
    ), by_domain AS (
        SELECT lower(split_part(recipient, '@', 2)) AS domain, count(DISTINCT lower(recipient)) AS people
        FROM looked_at WHERE recipient <> '' GROUP BY domain
    ), shown AS (
        SELECT m.*, CASE WHEN people >= $4 THEN domain ELSE $5 END AS domain
        FROM looked_at m JOIN by_domain ON domain = lower(split_part(recipient, '@', 2))
        WHERE recipient <> '' AND last_answer <> $2
    )
    SELECT domain, count(sent_at) AS sent, count(dead_at) AS given_up,
        count(*) FILTER (WHERE sent_at IS NULL AND dead_at IS NULL AND attempts > 0) AS tried_again,
        count(*) FILTER (WHERE sent_at IS NULL AND dead_at IS NULL) AS waiting,
        (array_agg(coalesce({_CODE.format(text="last_answer")}, '')
            ORDER BY coalesce(sent_at, dead_at, due_at) DESC) FILTER (WHERE last_answer <> ''))[1] AS answer,
        min(created_at) FILTER (WHERE sent_at IS NULL AND dead_at IS NULL) AS waits_since
    FROM shown GROUP BY domain
    ORDER BY domain = $5, count(*) FILTER (WHERE sent_at IS NULL AND (dead_at IS NOT NULL OR attempts > 0)) DESC,
        count(*) DESC, domain
    LIMIT 50
"""  # noqa: S608 - our own words.
