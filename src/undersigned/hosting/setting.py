"""Setting a gathering up, changing it, and calling it off: whoever was coming is told."""

from datetime import UTC, date, datetime
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.events import attending, calendar
from undersigned.events.tables import Event
from undersigned.hosting.forms import EventForm
from undersigned.kit import database
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import owe
from undersigned.staff import audit


class NotThatDay(Refused):
    """A weekly gathering does not come round on that day, or is called off already."""


async def listed(campaign_id: int) -> list[dict[str, Any]]:
    """Every gathering of a campaign, the latest first, with how many are coming and waiting altogether."""
    return await database.fetch(
        """SELECT e.*, count(a.id) FILTER (WHERE a.place_at IS NOT NULL)::int AS coming,
               count(a.id) FILTER (WHERE a.confirmed_at IS NOT NULL AND a.place_at IS NULL
                                   AND a.cancelled_at IS NULL)::int AS waiting
           FROM event e LEFT JOIN attendance a ON a.event = e.id
           WHERE e.campaign = $1 GROUP BY e.id ORDER BY e.starts_at DESC, e.id DESC""",
        campaign_id,
    )


async def one(campaign: Campaign, event_id: int) -> Event:
    """One gathering of a campaign. Raises Missing."""
    found = await Event.objects(Event.campaign).where(Event.id == event_id, Event.campaign == campaign.id).first()
    if found is None:
        raise Missing("There is no gathering of that number here.")
    return found


async def save(campaign: Campaign, form: EventForm, staff_id: int, event_id: int | None = None) -> int:
    """Set up a gathering, or change one; places that are new go to those who wait. Answers its number."""
    async with database.transaction():
        event = await _held(campaign, event_id) if event_id else Event(campaign=campaign.id)
        before = _told(event) if event_id else None
        was = event.starts_at if event_id else None
        _fill_in(event, form)
        await event.save()
        if was and was != event.starts_at and not event.repeats:
            await _move(event, was)
        if event_id:
            for day in await _days_waited_for(event):
                await attending.fill(event, day)
        act = "gathering changed" if event_id else "gathering set up"
        await audit.record(act, f"{campaign.slug} event {event.id}", before, _told(event), staff_id)
    return int(event.id)


async def _held(campaign: Campaign, event_id: int) -> Event:
    await database.fetch("SELECT id FROM event WHERE id = $1 FOR UPDATE", event_id)
    return await one(campaign, event_id)


def _fill_in(event: Event, form: EventForm) -> None:
    event.title, event.about, event.place, event.address = form.title, form.about, form.place, form.address
    event.postcode, event.accessibility, event.region = form.postcode, form.accessibility, form.region
    event.starts_at = datetime.combine(form.on, form.begins, LONDON).astimezone(UTC)
    event.ends_at = datetime.combine(form.on, form.ends, LONDON).astimezone(UTC)
    event.repeats = form.repeats
    event.repeats_until = form.repeats_until if form.repeats else None
    event.takes_names, event.capacity = form.takes_names, form.capacity


def _told(event: Event) -> dict[str, Any]:
    return {
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "place": event.place,
        "capacity": event.capacity,
        "repeats": event.repeats,
    }


async def _move(event: Event, was: datetime) -> None:
    """Whoever was coming that day is put down for the new one, and told; unless they are down for it already."""
    rows = await database.fetch(
        """UPDATE attendance a SET occurs_on = $2, reminded_at = NULL
           WHERE event = $1 AND occurs_on = $3 AND cancelled_at IS NULL AND ($2 = $3 OR NOT EXISTS (
               SELECT FROM attendance o WHERE o.event = $1 AND o.occurs_on = $2 AND o.email_key = a.email_key))
           RETURNING id, email, confirmed_at""",
        event.id,
        event.starts_at.astimezone(LONDON).date(),
        was.astimezone(LONDON).date(),
    )
    for row in rows:
        if row["confirmed_at"]:
            await owe("attendance_moved", row["id"], row["email"])


async def _days_waited_for(event: Event) -> list[date]:
    rows = await database.fetch(
        """SELECT DISTINCT occurs_on FROM attendance WHERE event = $1 AND occurs_on >= current_date
           AND confirmed_at IS NOT NULL AND place_at IS NULL AND cancelled_at IS NULL""",
        event.id,
    )
    return [row["occurs_on"] for row in rows]


async def call_off(campaign: Campaign, event_id: int, day: date | None, staff_id: int) -> int:
    """Call off one day of a weekly gathering, or all of it, and tell whoever was coming; answers how many.

    Raises Missing or NotThatDay.
    """
    async with database.transaction():
        event = await _held(campaign, event_id)
        if day and not (event.repeats and calendar.occurs(event, day)):
            raise NotThatDay("It does not come round on that day, or is called off then already.")
        if day:
            event.exceptions = sorted({*event.exceptions, day})
        elif event.cancelled_at is None:
            event.cancelled_at = datetime.now(UTC)
        await event.save()
        rows = await database.fetch(_TO_TELL, event_id, day)
        for row in rows:
            await owe("attendance_off", row["id"], row["email"])
        about = f"{campaign.slug} event {event_id}"
        await audit.record("gathering called off", about, after={"day": str(day or "all")}, staff_id=staff_id)
    return len(rows)


_TO_TELL = """
    SELECT id, email FROM attendance WHERE event = $1 AND occurs_on >= current_date AND email <> ''
        AND confirmed_at IS NOT NULL AND cancelled_at IS NULL AND ($2::date IS NULL OR occurs_on = $2)
"""
