"""Gatherings as iCalendar (RFC 5545), for the calendar on somebody's phone."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar
from icalendar import Event as Entry

from undersigned.events import calendar
from undersigned.events.tables import Event
from undersigned.kit import days
from undersigned.kit.days import LONDON
from undersigned.settings import settings

MEDIA_TYPE = "text/calendar; charset=utf-8"


def file_of(events: list[Event], name: str) -> bytes:
    """A calendar with these events; one that comes round every week stays at its London hour all year.

    A cancelled event is said to be cancelled, so that it goes from calendars which already hold it.
    """
    file = Calendar()
    file.add("prodid", "-//Undersigned//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", name)
    for event in events:
        file.add_component(_entry(event))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _last(event: Event) -> datetime:
    """The end of the last day, in UTC as RFC 5545 wants it beside a time zone."""
    assert event.repeats_until is not None
    return days.end_of(event.repeats_until) - timedelta(seconds=1)


def as_json_ld(event: Event) -> dict[str, Any]:
    """The next time of it for search engines (schema.org/Event); what is empty is left out."""
    shown = calendar.show(event)
    where = {"@type": "PostalAddress", "streetAddress": event.address, "postalCode": event.postcode}
    said = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "description": event.about,
        "startDate": shown.starts_at.isoformat(),
        "endDate": shown.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if event.cancelled_at else 'Scheduled'}",
        "url": f"{settings.base_url}/events/{event.id}",
        "location": {
            "@type": "Place",
            "name": event.place or event.address,
            "address": {key: value for key, value in where.items() if value},
        },
        "maximumAttendeeCapacity": event.capacity,
    }
    return {key: value for key, value in said.items() if value}


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
        entry.add("rrule", {"freq": "weekly"} | ({"until": _last(event)} if event.repeats_until else {}))
        for day in event.exceptions:
            entry.add("exdate", calendar.starts(event, day))
    if event.cancelled_at:
        entry.add("status", "CANCELLED")
    return entry
