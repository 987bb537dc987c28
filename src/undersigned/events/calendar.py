"""When gatherings are."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.events.tables import Event
from undersigned.kit.days import LONDON

WEEK = timedelta(days=7)


async def coming(campaign: Campaign, chapter: Chapter | None = None) -> list[SimpleNamespace]:
    """A campaign's next gatherings, soonest first; of a weekly one the next time it comes round."""
    query = Event.objects().where(Event.campaign == campaign.id, Event.cancelled_at.is_null())
    query = query.where(Event.chapter == chapter.id) if chapter else query.where(Event.chapter.is_null())
    return _next_first(await query)


async def everywhere(campaign: Campaign) -> list[SimpleNamespace]:
    """As :func:`coming`, of the campaign and of all its chapters."""
    return _next_first(await Event.objects().where(Event.campaign == campaign.id, Event.cancelled_at.is_null()))


def _next_first(events: list[Event]) -> list[SimpleNamespace]:
    shown = [show(event) for event in events]
    now = datetime.now(UTC)
    return sorted((event for event in shown if event.ends_at > now), key=lambda event: event.starts_at)


def show(event: Event) -> SimpleNamespace:
    """An event as a page shows it: its next time, and a sentence when it comes round every week."""
    starts_at, ends_at = next_time(event)
    repeats = f"Every {starts_at:%A}, {starts_at:%H:%M} to {ends_at:%H:%M}" if event.repeats == "weekly" else None
    return SimpleNamespace(
        id=event.id,
        title=event.title,
        about=event.about,
        place=event.place,
        address=event.address,
        postcode=event.postcode,
        starts_at=starts_at,
        ends_at=ends_at,
        repeats=repeats,
        cancelled_at=event.cancelled_at,
    )


def next_time(event: Event) -> tuple[datetime, datetime]:
    """The start and end, in London, of the next time; a weekly one keeps its hour when the clocks change."""
    starts_at = event.starts_at.astimezone(LONDON)
    length = event.ends_at - event.starts_at
    now = datetime.now(LONDON)
    if event.repeats == "weekly" and starts_at + length < now:
        weeks = (now.date() - starts_at.date()).days // 7
        starts_at += weeks * WEEK
        if starts_at + length < now:
            starts_at += WEEK
    return starts_at, starts_at + length
