"""Whose letter leaves next: a few an hour to one reader, in office hours, and every campaign in its turn.

It is worked out from the attempts that are on record each time that letters are let go, so there is nothing to
keep in step, and a queue that was emptied changes nothing. In rehearsal, where no office gets anything, letters go
at once.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from undersigned.campaigns.tables import Campaign
from undersigned.delivery import office_hours, switch
from undersigned.kit import database, pages, pdf
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Refused
from undersigned.letters.tables import Letter
from undersigned.settings import settings
from undersigned.staff import audit


class TooFast(Refused):
    """More an hour than the installation sends to one reader."""


class NoPaper(Refused):
    """What needs a PDF, where none can be made."""


SINGLE, DAILY = "single", "daily"
GOES_ALONE: Final = (
    "(channel <> 'email' OR campaign NOT IN (SELECT c.id FROM campaign c WHERE c.letters_go = 'daily'))"
)
"""SQL over a letter: whether it goes by itself, and not in the mail that its campaign makes up once a day."""

TURNS: Final = """
    WITH lately AS (
        SELECT l.representative, l.campaign, max(d.started_at) AS last,
            count(*) FILTER (WHERE d.started_at > {now} - interval '1 hour') AS many
        FROM delivery d JOIN letter l ON l.id = d.letter
        WHERE d.started_at > {now} - interval '75 minutes' AND d.channel = 'email' AND d.mode = 'live'
        GROUP BY l.representative, l.campaign
    ), readers AS (
        SELECT representative, sum(many) AS many, max(last) AS last FROM lately GROUP BY representative
    ), line AS (
        SELECT DISTINCT ON (l.representative, l.campaign)
            l.id, l.representative, l.campaign, l.due_at, least(c.letters_an_hour, {most}) AS most
        FROM letter l JOIN campaign c ON c.id = l.campaign AND c.letters_go = 'single'
        WHERE l.state = 'ready' AND l.channel = 'email' AND l.due_at <= now()
        ORDER BY l.representative, l.campaign, l.due_at, l.id
    )
    SELECT DISTINCT ON (line.representative) line.id,
        greatest(line.due_at, every.last + {gap_of_all}, its.last + {gap_of_one}) AS since
    FROM line LEFT JOIN lately its USING (representative, campaign) LEFT JOIN readers every USING (representative)
    WHERE coalesce(every.many, 0) < {most} AND coalesce(its.many, 0) < line.most
        AND coalesce(every.last + {gap_of_all}, '-infinity') <= {now}
        AND coalesce(its.last + {gap_of_one}, '-infinity') <= {now}
        AND NOT EXISTS (SELECT FROM letter other WHERE other.representative = line.representative
            AND other.state = 'ready' AND other.leased_until >= now())
    ORDER BY line.representative, its.last NULLS FIRST, line.due_at, line.id
"""
"""For each reader the letter that may go now, if one may: that of the campaign whose turn was longest ago.

The longest pause between two, at one an hour, is 75 minutes."""

GAP: Final = "make_interval(secs => 3600.0 / {most} * (0.75 + (hashtext({last}::text) & 1023) / 2046.0))"
"""A pause that is up to a quarter shorter or longer, and the same however often it is asked for."""


def in_turn() -> str:
    """SQL for the letters that may leave now, as far as their pace is concerned."""
    if settings.demo or not settings.letters_an_hour:
        return "true"
    now = datetime.now(UTC)
    whose = f"id IN (SELECT id FROM ({turns(now)}) AS turns)" if office_hours.opened_at(now) else "false"  # noqa: S608
    return f"channel <> 'email' OR NOT ({switch.IS_LIVE}) OR {whose}"


def turns(now: datetime) -> str:
    """SQL for ``id`` and ``since`` (about when it could have gone) of each letter whose turn it is."""
    most = settings.letters_an_hour
    return TURNS.format(
        now=f"'{now.isoformat()}'::timestamptz",
        most=most,
        gap_of_all=GAP.format(most=most, last="every.last"),
        gap_of_one=GAP.format(most="line.most", last="its.last"),
    )


async def change(campaign: Campaign, go: str, an_hour: int | None, staff_id: int | None = None) -> None:
    """Have the letters of a campaign go one by one, at most ``an_hour`` to a reader where that is told, or daily.

    Raises TooFast for more than the installation sends, and NoPaper for daily where no PDF can be made.
    """
    if an_hour is not None and not settings.letters_an_hour:
        raise TooFast("This site keeps no pace: set LETTERS_AN_HOUR first.")
    if an_hour is not None and not 0 < an_hour <= settings.letters_an_hour:
        raise TooFast(
            f"Choose a number from 1 to {settings.letters_an_hour}: more is not sent here to one reader."
        )
    if go == DAILY and not pdf.available():
        raise NoPaper("One mail a day holds a PDF, and this server cannot make any: it lacks Pango.")
    before = {"go": campaign.letters_go, "an_hour": campaign.letters_an_hour}
    after = {"go": go, "an_hour": an_hour}
    async with database.transaction():
        changed = await database.execute(
            """UPDATE campaign SET letters_go = $2, letters_an_hour = $3, updated_at = now()
               WHERE id = $1 AND (letters_go, letters_an_hour) IS DISTINCT FROM ($2, $3)""",
            campaign.id,
            go,
            an_hour,
        )
        if changed:
            await audit.record("pace of letters", f"campaign {campaign.slug}", before, after, staff_id)


async def is_on() -> bool:
    """Whether letters keep a pace and office hours at present."""
    return bool(settings.letters_an_hour) and await switch.mode() == switch.LIVE


async def expected(letter: Letter) -> datetime | None:
    """About when a letter in the queue will leave; None for one that is not, for paper, and while nothing leaves.

    It is worked out from who else waits, and is no promise: another campaign may come, and a server may be away.
    """
    return await _expected(int(letter.id))


async def _expected(letter_id: int) -> datetime | None:
    row = await database.fetch_one(_IN_LINE, letter_id)
    if row is None or await switch.mode() == switch.STOP:
        return None
    due_at: datetime = row["due_at"]
    start = max(datetime.now(UTC), due_at)
    if not await is_on():
        return start
    if row["letters_go"] == DAILY:
        return await _next_mail(row, start)
    gap = timedelta(hours=1) / settings.letters_an_hour
    start = max(start, row["last"] + gap) if row["last"] else start
    own_gap = timedelta(hours=1) / min(
        row["letters_an_hour"] or settings.letters_an_hour, settings.letters_an_hour
    )
    before: int = row["before"]
    return office_hours.after(start, max(await _ahead(row) * gap, before * own_gap))


_IN_LINE = """
    SELECT l.id, l.campaign, l.representative, l.due_at, c.letters_go, c.letters_an_hour,
        (SELECT count(*) FROM letter o WHERE o.state = 'ready' AND o.representative = l.representative
            AND o.campaign = l.campaign AND (o.due_at, o.id) < (l.due_at, l.id)) AS before,
        (SELECT max(d.started_at) FROM delivery d JOIN letter o ON o.id = d.letter
            WHERE o.representative = l.representative AND d.started_at > now() - interval '75 minutes'
                AND d.channel = 'email' AND d.mode = 'live') AS last
    FROM letter l JOIN campaign c ON c.id = l.campaign
    WHERE l.id = $1 AND l.state = 'ready' AND l.channel = 'email'
"""


async def _ahead(row: dict[str, Any]) -> int:
    """How many letters to the same reader go first: those before it in its campaign, and a turn of each other."""
    others = await database.fetch(
        """SELECT count(*) AS many FROM letter l JOIN campaign c ON c.id = l.campaign AND c.letters_go = 'single'
           WHERE l.state = 'ready' AND l.channel = 'email' AND l.representative = $1 AND l.campaign <> $2
           GROUP BY l.campaign""",
        row["representative"],
        row["campaign"],
    )
    before: int = row["before"]
    return before + sum(min(int(other["many"]), before + 1) for other in others)


async def _next_mail(row: dict[str, Any], start: datetime) -> datetime:
    """When the campaign's next mail to this reader is made up: today's, unless that has been."""
    opens = office_hours.next_open(start)
    had = await database.fetch_one(
        """SELECT FROM bundle WHERE kind = 'mail' AND campaign = $1 AND representative = $2 AND day = $3
           AND NOT EXISTS (SELECT FROM letter WHERE id = $4 AND bundle = bundle.id AND ended_at IS NULL)""",
        row["campaign"],
        row["representative"],
        opens.astimezone(LONDON).date(),
        row["id"],
    )
    return office_hours.next_day(opens) if had is not None else opens


async def longest_lines(campaign_id: int, most: int = 10) -> list[dict[str, Any]]:
    """The readers to whom most of a campaign's letters wait, and when the last of those is likely to have left."""
    rows = await database.fetch(
        """SELECT r.display_name AS mp, count(*) AS waits,
               (array_agg(l.id ORDER BY l.due_at DESC, l.id DESC))[1] AS last
           FROM letter l JOIN representative r ON r.id = l.representative
           WHERE l.campaign = $1 AND l.state = 'ready' AND l.channel = 'email'
           GROUP BY r.id ORDER BY count(*) DESC, r.display_name LIMIT $2""",
        campaign_id,
        most,
    )
    return [row | {"by": await _expected(row["last"])} for row in rows]


def in_words(campaign: Campaign) -> str:
    """How its letters go, in one sentence."""
    if campaign.letters_go == DAILY:
        return "Letters go once a day, together."
    most = min(campaign.letters_an_hour or settings.letters_an_hour, settings.letters_an_hour)
    return f"Letters go one by one, {f'at most {most} an hour to one representative' if most else 'as they come'}."


def roughly(moment: datetime) -> str:
    """A moment to come as one would say it: “this afternoon”, “on Monday morning”, “on 4 May 2026”."""
    here, now = moment.astimezone(LONDON), datetime.now(LONDON)
    part = "morning" if here.hour < 12 else "afternoon" if here.hour < 18 else "evening"
    days = (here.date() - now.date()).days
    if moment - now < timedelta(minutes=10):
        return "within a few minutes"
    if days < 2:
        return f"{'tomorrow' if days else 'this'} {part}"
    return f"on {here:%A} {part}" if days < 7 else f"on {pages.day(moment)}"
