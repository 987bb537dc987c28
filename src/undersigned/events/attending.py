"""Coming to a gathering: asked by form, said again by e-mail, and a place as long as there is one.

Whoever finds it full waits, and is told when somebody else cannot come.
"""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final

from undersigned.campaigns.tables import Campaign
from undersigned.events import calendar
from undersigned.events.forms import AttendForm
from undersigned.events.tables import Event
from undersigned.kit import database, limits, tokens
from undersigned.kit.days import LONDON
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import owe
from undersigned.supporters import addresses, consents

PURPOSE: Final = "attendance"
MAILS, MAILS_AN_HOUR = 3, 3
COMING, WAITING, OFF, ASKED = "coming", "waiting", "off", "asked"


class NoPlaceToTake(Refused):
    """The gathering is over, called off, or takes no names."""


def wording(campaign: Campaign) -> str:
    """What somebody agrees to who says that they are coming."""
    return (
        f"{campaign.organiser} may hold my name and e-mail address to run this gathering and to write to me about "
        "it. They are deleted four weeks after it."
    )


async def ask(event: Event, form: AttendForm) -> None:
    """Write down who would like to come, and mail them the link that says so for good.

    Asking again sends the link again and changes nothing else. Raises NoPlaceToTake.
    """
    _check(event, form.occurs_on)
    if form.website:
        return
    agreed = await consents.wording_id(wording(event.campaign))
    key = addresses.key(form.email)
    may_mail = await limits.may("attendance mail", key, MAILS, MAILS_AN_HOUR)
    async with database.transaction():
        row = await database.fetch_one(
            """INSERT INTO attendance (event, occurs_on, name, email, email_key, wording, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, now())
               ON CONFLICT (event, occurs_on, email_key) DO UPDATE SET email_key = excluded.email_key
               RETURNING id, email""",
            event.id,
            form.occurs_on,
            form.name,
            form.email,
            key,
            agreed,
        )
        assert row is not None
        if may_mail:
            await owe("attendance", row["id"], row["email"])


def _check(event: Event, day: date) -> None:
    if not event.takes_names:
        raise NoPlaceToTake("Nobody needs to say that they are coming to this one. Just come.")
    if not calendar.occurs(event, day):
        raise NoPlaceToTake("It does not take place on that day. The page says when it does.")
    if calendar.starts(event, day) < datetime.now(LONDON):
        raise NoPlaceToTake("It has begun already, so nobody can be put down for it any more.")


async def confirm(attendance_id: int) -> None:
    """They are coming: with a place if there is one, else on the list of those who wait. Twice is once.

    Raises Missing or NoPlaceToTake.
    """
    async with database.transaction():
        row, event = await _lock(attendance_id)
        _check(event, row["occurs_on"])
        if row["confirmed_at"] and not row["cancelled_at"]:
            return
        free = event.capacity is None or await _taken(row) < event.capacity
        await database.execute(
            """UPDATE attendance SET confirmed_at = now(), cancelled_at = NULL,
                   place_at = CASE WHEN $2 THEN now() END WHERE id = $1""",
            attendance_id,
            free,
        )


async def call_off(attendance_id: int) -> None:
    """They cannot come; whoever has waited longest gets the place, and is told. Raises Missing."""
    async with database.transaction():
        row, event = await _lock(attendance_id)
        await database.execute(
            "UPDATE attendance SET cancelled_at = now(), place_at = NULL WHERE id = $1 AND cancelled_at IS NULL",
            attendance_id,
        )
        await fill(event, row["occurs_on"])


async def fill(event: Event, day: date) -> int:
    """Give places that are free to those who wait, the longest first, and say how many.

    Call it in a transaction that holds the event.
    """
    found = await database.fetch(
        """UPDATE attendance SET place_at = now() WHERE id IN (
               SELECT id FROM attendance
               WHERE event = $1 AND occurs_on = $2 AND confirmed_at IS NOT NULL AND cancelled_at IS NULL
                   AND place_at IS NULL
               ORDER BY confirmed_at, id LIMIT coalesce(greatest(0, $3::int - (
                   SELECT count(*) FROM attendance WHERE event = $1 AND occurs_on = $2 AND place_at IS NOT NULL)),
                   1000000))
           RETURNING id, email""",
        event.id,
        day,
        event.capacity,
    )
    for row in found:
        await owe("attendance_place", row["id"], row["email"])
    return len(found)


async def _lock(attendance_id: int) -> tuple[dict[str, Any], Event]:
    """The event first, so that two who want its last place take turns."""
    await database.fetch(
        "SELECT id FROM event WHERE id = (SELECT event FROM attendance WHERE id = $1) FOR UPDATE", attendance_id
    )
    row = await database.fetch_one("SELECT * FROM attendance WHERE id = $1 FOR UPDATE", attendance_id)
    event = await Event.objects(Event.campaign).where(Event.id == row["event"]).first() if row else None
    if row is None or event is None:
        raise Missing("This has been deleted: four weeks after a gathering we forget who came.")
    return row, event


async def _taken(row: dict[str, Any]) -> int:
    found = await database.fetch_one(
        "SELECT count(*) AS n FROM attendance WHERE event = $1 AND occurs_on = $2 AND place_at IS NOT NULL",
        row["event"],
        row["occurs_on"],
    )
    return int(found["n"]) if found else 0


async def of(attendance_id: int) -> SimpleNamespace:
    """What the page behind a link shows: the event, the day, the name, the state, how many wait before them."""
    row = await database.fetch_one(
        """SELECT a.*, (
               SELECT count(*) FROM attendance o WHERE o.event = a.event AND o.occurs_on = a.occurs_on
                   AND o.confirmed_at < a.confirmed_at AND o.cancelled_at IS NULL AND o.place_at IS NULL
           )::int AS before FROM attendance a WHERE id = $1""",
        attendance_id,
    )
    event = await Event.objects(Event.campaign).where(Event.id == row["event"]).first() if row else None
    if row is None or event is None:
        raise Missing("This has been deleted: four weeks after a gathering we forget who came.")
    return SimpleNamespace(
        id=attendance_id,
        event=event,
        name=row["name"],
        email=row["email"],
        occurs_on=row["occurs_on"],
        starts_at=calendar.starts(event, row["occurs_on"]),
        before=row["before"],
        state=_state(row),
        takes_place=calendar.occurs(event, row["occurs_on"]),
    )


def _state(row: dict[str, Any]) -> str:
    if row["cancelled_at"]:
        return OFF
    if not row["confirmed_at"]:
        return ASKED
    return COMING if row["place_at"] else WAITING


def token(attendance_id: int) -> str:
    """What opens the page of one who comes."""
    return tokens.issue(PURPOSE, attendance_id)


async def left(event: Event, day: date) -> int | None:
    """How many places there are still; None where there is no end of them."""
    if event.capacity is None:
        return None
    return max(0, event.capacity - await _taken({"event": event.id, "occurs_on": day}))


async def coming(event_id: int) -> list[dict[str, Any]]:
    """Everybody who has said yes, by day: ``occurs_on``, ``name``, ``email`` and ``place_at``."""
    return await database.fetch(
        """SELECT occurs_on, name, email, place_at, confirmed_at FROM attendance
           WHERE event = $1 AND confirmed_at IS NOT NULL AND cancelled_at IS NULL
           ORDER BY occurs_on DESC, place_at NULLS LAST, confirmed_at, id""",
        event_id,
    )
