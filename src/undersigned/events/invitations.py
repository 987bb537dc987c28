"""Gatherings as iCalendar (RFC 5545), for the calendar on somebody's phone."""

from datetime import UTC, datetime

from icalendar import Calendar
from icalendar import Event as Entry

from undersigned.events.tables import Event
from undersigned.kit.days import LONDON
from undersigned.settings import settings

MEDIA_TYPE = "text/calendar; charset=utf-8"


def file_of(events: list[Event], name: str) -> bytes:
    """A calendar with these events; one that comes round every week stays at its London hour all year.

    A cancelled event is said to be cancelled, so that it goes from calendars which already hold it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Undersigned//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(_entry(event))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(event: Event) -> Entry:
    entry = Entry()
    entry.add("uid", f"event-{event.id}@{settings.mail_domain}")
    entry.add("dtstamp", datetime.now(UTC))
    entry.add("dtstart", event.starts_at.astimezone(LONDON))
    entry.add("dtend", event.ends_at.astimezone(LONDON))
    entry.add("summary", event.title)
    if where := ", ".join(part for part in (event.place, event.address, event.postcode) if part):
        entry.add("location", where)
    if event.about:
        entry.add("description", event.about)
    entry.add("url", f"{settings.base_url}/events/{event.id}")
    if event.repeats == "weekly":
        entry.add("rrule", {"freq": "weekly"})
    if event.cancelled_at:
        entry.add("status", "CANCELLED")
    return entry
