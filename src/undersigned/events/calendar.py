"""When gatherings are."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.events.tables import Event
from undersigned.kit import days
from undersigned.kit.days import LONDON
from undersigned.postcodes import places
from undersigned.postcodes.postcode import Postcode

WEEK = timedelta(days=7)
MOST_WEEKS = 2_000


async def coming(campaign: Campaign, chapter: Chapter | None = None) -> list[SimpleNamespace]:
    """A campaign's next gatherings, soonest first; of a weekly one the next time it comes round."""
    query = Event.objects().where(Event.campaign == campaign.id, Event.cancelled_at.is_null())
    query = query.where(Event.chapter == chapter.id) if chapter else query.where(Event.chapter.is_null())
    return _next_first(await query)


async def everywhere(campaign: Campaign) -> list[SimpleNamespace]:
    """As :func:`coming`, of the campaign and of all its chapters."""
    return _next_first(await Event.objects().where(Event.campaign == campaign.id, Event.cancelled_at.is_null()))


async def near(events: list[SimpleNamespace], postcode: Postcode | None) -> list[SimpleNamespace]:
    """The same with ``miles`` or None; the nearest first when we know where ``postcode`` is, those online last."""
    here = await places.point_of(str(postcode)) if postcode else None
    for event in events:
        there = await places.point_of(event.postcode) if here and event.postcode else None
        event.miles = round(places.miles(here, there)) if here and there else None
    far = float("inf")
    return sorted(events, key=lambda event: far if event.miles is None else event.miles) if here else events


def _next_first(events: list[Event]) -> list[SimpleNamespace]:
    shown = [show(event) for event in events]
    return sorted((event for event in shown if not event.is_over), key=lambda event: event.starts_at)


def show(event: Event) -> SimpleNamespace:
    """An event as a page shows it: its next time, else its last, and a sentence when it comes round every week."""
    starts_at, ends_at = next_time(event)
    repeats = f"Every {starts_at:%A}, {starts_at:%H:%M} to {ends_at:%H:%M}" if event.repeats == "weekly" else None
    if repeats and event.repeats_until:
        repeats = f"{repeats}, until {event.repeats_until.day} {event.repeats_until:%B %Y}"
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
        off=[day for day in sorted(event.exceptions) if day >= days.today()] if repeats else [],
        occurs_on=starts_at.date(),
        is_over=ends_at <= datetime.now(UTC),
        accessibility=event.accessibility,
        takes_names=event.takes_names,
        capacity=event.capacity,
        region=event.region,
        cancelled_at=event.cancelled_at,
    )


def next_time(event: Event) -> tuple[datetime, datetime]:
    """The start and end, in London, of the next time, or of the last when there is no next.

    A weekly one keeps its hour when the clocks change, and leaves out its exceptions.
    """
    starts_at, length = event.starts_at.astimezone(LONDON), event.ends_at - event.starts_at
    if event.repeats != "weekly":
        return starts_at, starts_at + length
    last, now = starts_at, datetime.now(LONDON)
    for _ in range(MOST_WEEKS):
        if event.repeats_until and starts_at.date() > event.repeats_until:
            break
        if starts_at.date() not in event.exceptions:
            last = starts_at
            if starts_at + length > now:
                break
        starts_at += WEEK
    return last, last + length


def occurs(event: Event, day: date) -> bool:
    """Whether the event takes place on this day, London's, and is not called off then."""
    first = event.starts_at.astimezone(LONDON).date()
    if event.cancelled_at or day in event.exceptions:
        return False
    if event.repeats != "weekly":
        return day == first
    within = event.repeats_until is None or day <= event.repeats_until
    return day >= first and within and (day - first).days % 7 == 0


def starts(event: Event, day: date) -> datetime:
    """When it begins on one of its days, in London."""
    return datetime.combine(day, event.starts_at.astimezone(LONDON).time(), LONDON)
