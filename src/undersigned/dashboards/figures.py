"""Totals for the desk and for the public figures page: reads only, and never a count of ten million rows."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from undersigned.kit import database
from undersigned.kit.days import LONDON
from undersigned.representatives import seats
from undersigned.settings import settings
from undersigned.signatures import withholding
from undersigned.signatures.forms import COUNTRIES
from undersigned.signatures.tables import Signature, Tally, hour_of

TOP = 20
TOP_SOURCES = 15
SENT = ("sent", "settled", "scrubbed")
NOT_REPLIES = ("bounce", "delayed", "receipt")
Rows = list[tuple[str, int]]


@dataclass(frozen=True)
class Funnel:
    """How many put their name down, and how many of them pressed the button in the e-mail."""

    created: int
    confirmed: int

    @property
    def percent(self) -> int:
        """The share that confirmed, in whole per cent and never rounded up; 0 when nobody signed."""
        return 100 * self.confirmed // self.created if self.created else 0


@dataclass(frozen=True)
class Source:
    """One channel, with its bucket if it has one: how many put their name down, and how many of them count."""

    channel: str
    bucket: str
    signed: int
    confirmed: int

    @property
    def percent(self) -> int | None:
        """The share that counts; None where more count than came, which only a total that is wrong can say."""
        return 100 * self.confirmed // self.signed if self.signed >= self.confirmed and self.signed else None


@dataclass(frozen=True)
class Places:
    """Totals by place, largest first. ``few`` is how many places have fewer than five and are not named."""

    rows: Rows
    few: int


def midnight() -> datetime:
    """When today began in London, in UTC."""
    today = datetime.now(LONDON).date()
    return datetime.combine(today, time(), LONDON).astimezone(UTC)


async def campaigns() -> list[dict[str, Any]]:
    """Every campaign with its count, today's signatures, letters sent and replies; the largest first."""
    return await database.fetch(
        """SELECT c.id, c.slug, c.title, c.kind, c.state, c.signature_count,
                  coalesce((SELECT sum(total) FROM tally
                            WHERE campaign = c.id AND kind = 'confirmed' AND key >= $1), 0)::bigint AS today,
                  (SELECT count(*) FROM letter WHERE campaign = c.id AND state = ANY($2)) AS letters,
                  (SELECT count(*) FROM response r JOIN letter l ON l.id = r.letter
                   WHERE l.campaign = c.id AND r.kind <> ALL($3)) AS replies
           FROM campaign c ORDER BY c.state <> 'open', c.signature_count DESC, c.id""",
        hour_of(midnight()),
        list(SENT),
        list(NOT_REPLIES),
    )


async def _by_hour(campaign_id: int, since: datetime, kind: str = "confirmed") -> dict[datetime, int]:
    """Confirmed signatures by the hour they fall in, from ``since`` on; or those of another ``kind``."""
    rows = await database.fetch(
        "SELECT key, total FROM tally WHERE campaign = $1 AND kind = $3 AND key >= $2",
        campaign_id,
        hour_of(since),
        kind,
    )
    return {datetime.fromisoformat(f"{row['key']}:00+00:00"): row["total"] for row in rows}


async def by_day(campaign_id: int, days: int = 30) -> list[tuple[date, int]]:
    """Signatures by day in London, oldest first, with every one of the last ``days`` days in it."""
    first = datetime.now(LONDON).date() - timedelta(days=days - 1)
    hours = await _by_hour(campaign_id, datetime.combine(first, time(), LONDON).astimezone(UTC))
    found: Counter[date] = Counter()
    for hour, total in hours.items():
        found[hour.astimezone(LONDON).date()] += total
    return [(day, found[day]) for day in (first + timedelta(days=n) for n in range(days))]


async def today_by_hour(campaign_id: int) -> Rows:
    """Today's signatures by the hour in London, up to the present one: ("09", 12) is from nine to ten."""
    found: Counter[int] = Counter()
    for hour, total in (await _by_hour(campaign_id, midnight())).items():
        found[hour.astimezone(LONDON).hour] += total
    return [(f"{hour:02}", found[hour]) for hour in range(datetime.now(LONDON).hour + 1)]


async def latest_hours(campaign_id: int, hours: int = 48) -> list[tuple[datetime, int, int]]:
    """How many signed and how many confirmed in each of the last ``hours`` hours, oldest first, with empty ones.

    Those who confirm in an hour need not have signed in it. Each hour is named by its beginning, in London.
    """
    last = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    since = last - timedelta(hours=hours - 1)
    created = await _by_hour(campaign_id, since, "created")
    confirmed = await _by_hour(campaign_id, since)
    all_hours = (since + timedelta(hours=n) for n in range(hours))
    return [(hour.astimezone(LONDON), created.get(hour, 0), confirmed.get(hour, 0)) for hour in all_hours]


async def funnel(campaign_id: int) -> Funnel:
    """How many signed, and how many of them confirmed."""
    rows = await database.fetch(
        """SELECT kind, sum(total)::bigint AS total FROM tally
           WHERE campaign = $1 AND kind IN ('created', 'confirmed') GROUP BY kind""",
        campaign_id,
    )
    totals = {row["kind"]: row["total"] for row in rows}
    return Funnel(totals.get("created", 0), totals.get("confirmed", 0))


async def by_country(campaign_id: int) -> Places:
    """Signatures by country, those with fewer than five left out."""
    names = dict(COUNTRIES)
    totals = await Tally.of(campaign_id, "country")
    return _places({names.get(code, code): total for code, total in totals.items()})


async def by_constituency(campaign_id: int, top: int | None = TOP) -> Places:
    """Signatures by constituency, those with fewer than five left out; all of the others without ``top``."""
    names = await seats.names()
    told = await withholding.by_constituency(campaign_id)
    found = _places({names.get(code, code): total for code, total in told.totals.items()}, top)
    return replace(found, few=told.few)


def _places(totals: dict[str, int], top: int | None = None) -> Places:
    """A place with a handful of signatures would tell the neighbours who signed."""
    some = {name: total for name, total in totals.items() if total > 0}
    shown = sorted(
        ((name, total) for name, total in some.items() if total >= Tally.FEWEST_SHOWN),
        key=lambda row: (-row[1], row[0]),
    )
    return Places(shown[:top], len(some) - len(shown))


async def by_chapter(campaign_id: int) -> list[dict[str, Any]]:
    """Chapters of a campaign with their counts, the largest first."""
    return await database.fetch(
        """SELECT slug, name, area, signature_count FROM chapter WHERE campaign = $1
           ORDER BY signature_count DESC, name""",
        campaign_id,
    )


async def by_source(campaign_id: int) -> list[Source]:
    """Where names came from and how many of them count: the fifteen sources that brought most, from the totals."""
    rows = await database.fetch(
        """SELECT key, sum(total) FILTER (WHERE kind = 'came') AS signed,
                  sum(total) FILTER (WHERE kind = 'source') AS confirmed
           FROM tally WHERE campaign = $1 AND kind IN ('came', 'source')
           GROUP BY key HAVING sum(total) > 0 ORDER BY signed DESC NULLS LAST, key LIMIT $2""",
        campaign_id,
        TOP_SOURCES,
    )
    return [_source(row["key"], int(row["signed"] or 0), int(row["confirmed"] or 0)) for row in rows]


def _source(key: str, signed: int, confirmed: int) -> Source:
    channel, _, bucket = key.partition(":")
    return Source(_CHANNELS.get(channel, channel), bucket, signed, confirmed)


# Our own share links, as people write the names; whatever else a campaign puts in a link is shown as it is.
_CHANNELS: Final = {
    "": "No source given",
    "bluesky": "Bluesky",
    "email": "E-mail",
    "facebook": "Facebook",
    "link": "A copied link",
    "native": "A phone’s own sharing",
    "whatsapp": "WhatsApp",
    "x": "X",
}


async def words_waiting(campaign_id: int) -> int:
    """How many wrote something that nobody has read yet; 1,000 stands for that many or more."""
    row = await database.fetch_one(
        f"""SELECT count(*)::int AS total FROM (
                SELECT FROM signature WHERE campaign = $1 AND words_state = 'waiting' AND {Signature.COUNTS}
                LIMIT 1000) AS few""",  # noqa: S608 - our own condition.
        campaign_id,
    )
    return int(row["total"]) if row else 0


async def endorsements_waiting(campaign_id: int) -> int:
    """How many have been confirmed by whoever sent them, and read by nobody here yet."""
    row = await database.fetch_one(
        "SELECT count(*)::int AS total FROM endorsement WHERE campaign = $1 AND state = 'confirmed'", campaign_id
    )
    return int(row["total"]) if row else 0


async def letters_by_state(campaign_id: int) -> dict[str, int]:
    """How many letters are in each state; states that none is in are left out."""
    rows = await database.fetch(
        "SELECT state, count(*) AS total FROM letter WHERE campaign = $1 GROUP BY state", campaign_id
    )
    return {row["state"]: row["total"] for row in rows}


async def letters_sent(campaign_id: int) -> int:
    """Letters that have left for their reader. A rehearsal is none, save in a demo, where all is rehearsed."""
    row = await database.fetch_one(
        """SELECT count(DISTINCT letter.id) AS total FROM letter JOIN delivery ON delivery.letter = letter.id
           WHERE letter.campaign = $1 AND delivery.outcome IN ('accepted', 'unknown')
             AND (delivery.mode = 'live' OR $2)""",
        campaign_id,
        settings.demo,
    )
    return int(row["total"]) if row else 0


async def own_words(campaign_id: int) -> int | None:
    """The average share of own words in letters their writers have sent, in whole per cent, or None."""
    row = await database.fetch_one(
        """SELECT round(avg(own_share))::int AS share FROM letter
           WHERE campaign = $1 AND state NOT IN ('draft', 'waiting')""",
        campaign_id,
    )
    return row["share"] if row else None


async def interested(campaign_id: int, most: int = 200) -> list[dict[str, Any]]:
    """Who registered an interest, the newest first: name, email, region, created_at."""
    return await database.fetch(
        """SELECT name, email, region, created_at FROM interest
           WHERE campaign = $1 ORDER BY created_at DESC LIMIT $2""",
        campaign_id,
        most,
    )
