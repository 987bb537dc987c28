"""E-mails to those who come: the link that says so, a place that came free, the day before, and called off."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Final

from undersigned.campaigns.tables import Campaign
from undersigned.events import attending, invitations
from undersigned.events.tables import Notice
from undersigned.kit import database, tokens
from undersigned.kit.outbox import Composed, Enclosed, composes, owe
from undersigned.settings import settings

BEFORE: Final = timedelta(hours=26)
FORGET: Final = "interest"
AT_A_TIME: Final = 500
ANY: Final = {attending.ASKED, attending.COMING, attending.WAITING, attending.OFF}


@composes("attendance")
async def write_asked(attendance_id: int) -> Composed | None:
    """The link, to whoever has asked to come; what it opens says how things stand."""
    return await _about(attendance_id, "events/emails/attendance", ANY)


@composes("attendance_place")
async def write_place(attendance_id: int) -> Composed | None:
    """A place came free; None when they have called off meanwhile."""
    return await _about(attendance_id, "events/emails/attendance_place", {attending.COMING})


@composes("attendance_moved")
async def write_moved(attendance_id: int) -> Composed | None:
    """It takes place at another time now."""
    return await _about(attendance_id, "events/emails/attendance_moved", {attending.COMING, attending.WAITING})


@composes("attendance_reminder")
async def write_reminder(attendance_id: int) -> Composed | None:
    """The day before."""
    return await _about(attendance_id, "events/emails/attendance_reminder", {attending.COMING})


@composes("attendance_off")
async def write_called_off(attendance_id: int) -> Composed | None:
    """The gathering does not take place on their day."""
    found = await attending.of(attendance_id) if await _is_kept(attendance_id) else None
    if found is None or found.takes_place or found.state == attending.OFF:
        return None
    return _composed(found, "events/emails/attendance_off")


async def _about(attendance_id: int, template: str, states: set[str]) -> Composed | None:
    found = await attending.of(attendance_id) if await _is_kept(attendance_id) else None
    if found is None or found.state not in states or not found.takes_place:
        return None
    return _composed(found, template)


async def _is_kept(attendance_id: int) -> bool:
    return bool(await database.fetch("SELECT id FROM attendance WHERE id = $1", attendance_id))


def _composed(one: SimpleNamespace, template: str) -> Composed:
    event = one.event
    file = Enclosed("gathering.ics", "text/calendar", invitations.file_of([event], event.title))
    url = f"{settings.base_url}/attending/{attending.token(one.id)}"
    context: dict[str, object] = {"one": one, "event": event, "campaign": event.campaign, "url": url}
    enclosed = (file,) if one.state == attending.COMING and one.takes_place else ()
    return Composed(template, context, only_to=one.email, files=enclosed)


async def remind() -> int:
    """Owe a reminder to whoever has a place tomorrow, once, and say how many those are."""
    async with database.transaction():
        rows = await database.fetch(_REMIND, BEFORE, AT_A_TIME)
        for row in rows:
            await owe("attendance_reminder", row["id"], row["email"])
    return len(rows)


_STARTS = """(a.occurs_on + (e.starts_at AT TIME ZONE 'Europe/London')::time) AT TIME ZONE 'Europe/London'"""
_REMIND = f"""
    WITH due AS (
        SELECT a.id FROM attendance a JOIN event e ON e.id = a.event
        WHERE a.place_at IS NOT NULL AND a.cancelled_at IS NULL AND a.reminded_at IS NULL AND a.email <> ''
            AND e.cancelled_at IS NULL AND a.occurs_on <> ALL(e.exceptions)
            AND {_STARTS} BETWEEN now() AND now() + $1::interval AND a.place_at < now() - interval '2 hours'
        LIMIT $2 FOR UPDATE OF a SKIP LOCKED
    ) UPDATE attendance SET reminded_at = now() FROM due WHERE attendance.id = due.id
    RETURNING attendance.id, email
"""  # noqa: S608 - our own words.


@composes("gathering_set")
async def write_set(notice_id: int) -> Composed | None:
    """A gathering in their region has a date; None when it was called off, or they have been forgotten."""
    notice = await Notice.objects(Notice.interest, Notice.event).where(Notice.id == notice_id).first()
    campaign = await Campaign.objects().where(Campaign.id == notice.event.campaign).first() if notice else None
    if notice is None or campaign is None or notice.event.cancelled_at or not campaign.is_public:
        return None
    interest = notice.interest
    return Composed(
        "events/emails/gathering_set",
        {
            "name": interest.name,
            "region": interest.region,
            "event": notice.event,
            "campaign": campaign,
            "url": f"{settings.base_url}/events/{notice.event.id}",
            "off_url": f"{settings.base_url}/interest/{tokens.issue(FORGET, interest.id)}",
        },
        only_to=interest.email,
    )


async def tell_interested(event_id: int, campaign_id: int, region: str) -> int:
    """Owe word of a date to whoever asked about this region, once for each gathering; answers how many."""
    async with database.transaction():
        rows = await database.fetch(
            """WITH told AS (
                   INSERT INTO notice (interest, event, told_at)
                   SELECT id, $1, now() FROM interest WHERE campaign = $2 AND region = $3
                   ON CONFLICT (interest, event) DO NOTHING RETURNING id, interest
               ) SELECT told.id, i.email FROM told JOIN interest i ON i.id = told.interest""",
            event_id,
            campaign_id,
            region,
        )
        for row in rows:
            await owe("gathering_set", row["id"], row["email"])
    return len(rows)


async def forget_interest(interest_id: int) -> None:
    """Take somebody off the list of those who want to hear; twice is once."""
    async with database.transaction():
        await database.execute("DELETE FROM notice WHERE interest = $1", interest_id)
        await database.execute("DELETE FROM interest WHERE id = $1", interest_id)
