"""Coming to a gathering: the button in the e-mail, places and waiting, the day before, and called off."""

import asyncio
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import icalendar

import make
import work
from undersigned.campaigns.tables import Campaign
from undersigned.events import attending, calendar, writing
from undersigned.events.tables import Event
from undersigned.kit import database as db
from undersigned.kit.days import LONDON
from undersigned.privacy import forgetting, holdings

SOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=10)


async def workshop(of: Campaign | None = None, **wanted: Any) -> Event:
    about = of or await make.campaign(slug="stand")
    told = {"title": "A workshop", "place": "The Maltings", "takes_names": True, "starts_at": SOON}
    made = Event(campaign=about.id, **(told | {"ends_at": SOON + timedelta(hours=2)} | wanted))
    await made.save()
    return made


def typed(name: str = "Amina Rahman", email: str = "amina@example.org", **more: str) -> dict[str, str]:
    day = SOON.astimezone(LONDON).date().isoformat()
    return {"name": name, "email": email, "occurs_on": day} | more


async def link(email: str) -> str:
    await work.settle()
    return work.link_in(work.inbox(email)[-1], "/attending/")


async def comes(client: httpx.AsyncClient, event: Event, name: str, email: str) -> str:
    """Somebody asks, reads their mail, and presses the button; answers their page."""
    asked = await client.post(f"/events/{event.id}/attend", data=typed(name, email))
    assert asked.status_code == 200, asked.text
    page = await link(email)
    assert (await client.post(page, data={"act": "come"})).status_code == 303
    return page


async def test_only_the_button_in_the_mail_puts_somebody_down(client: httpx.AsyncClient) -> None:
    event = await workshop()
    shown = await client.get(f"/events/{event.id}")
    assert "Put me down" in shown.text and "They are deleted four weeks after it." in shown.text
    asked = await client.post(f"/events/{event.id}/attend", data=typed())
    assert "Now press the link in your e-mail" in asked.text
    page = await link("amina@example.org")
    assert "Amina, are you coming?" in (await client.get(page)).text
    assert await attending.coming(event.id) == []
    await client.post(page, data={"act": "come"})
    assert "You are coming, Amina" in (await client.get(page)).text
    (one,) = await attending.coming(event.id)
    assert (one["name"], one["place_at"] is not None) == ("Amina Rahman", True)
    await client.post(page, data={"act": "come"})
    assert len(await attending.coming(event.id)) == 1


async def test_asking_twice_looks_the_same_and_says_how_things_stand_in_the_mail(
    client: httpx.AsyncClient,
) -> None:
    event = await workshop()
    await comes(client, event, "Amina Rahman", "amina@example.org")
    again = await client.post(f"/events/{event.id}/attend", data=typed("Somebody Else", "Amina@example.org"))
    assert "Now press the link in your e-mail" in again.text
    await work.settle()
    assert work.inbox("amina@example.org")[-1]["Subject"] == "You are coming: A workshop"
    assert [row["name"] for row in await attending.coming(event.id)] == ["Amina Rahman"]


async def test_who_comes_too_late_waits_and_gets_the_place_that_comes_free(client: httpx.AsyncClient) -> None:
    event = await workshop(capacity=1)
    first = await comes(client, event, "Amina Rahman", "amina@example.org")
    assert "All 1 are taken" in (await client.get(f"/events/{event.id}")).text
    second = await comes(client, event, "Nasreen Malik", "nasreen@example.org")
    third = await comes(client, event, "Tom Ackroyd", "tom@example.org")
    assert "You are the next." in (await client.get(second)).text
    assert "1 person waits before you." in (await client.get(third)).text
    await client.post(first, data={"act": "off"})
    assert "You are not coming" in (await client.get(first)).text
    await work.settle()
    assert work.inbox("nasreen@example.org")[-1]["Subject"] == "A place came free: A workshop"
    assert [part.get_content_type() for part in work.inbox("nasreen@example.org")[-1].iter_attachments()] == [
        "text/calendar"
    ]
    assert "You are coming, Nasreen" in (await client.get(second)).text
    await client.post(first, data={"act": "come"})
    assert "You are on the waiting list" in (await client.get(first)).text


async def test_of_two_who_want_the_last_place_one_gets_it(client: httpx.AsyncClient) -> None:
    event = await workshop(capacity=3)
    people = [f"writer.{n}@example.org" for n in range(8)]
    for number, email in enumerate(people):
        await client.post(f"/events/{event.id}/attend", data=typed(f"Writer Number {'abcdefgh'[number]}", email))
    rows = await db.fetch("SELECT id FROM attendance")
    await asyncio.gather(*(attending.confirm(row["id"]) for row in rows))
    assert len([one for one in await attending.coming(event.id) if one["place_at"]]) == 3


async def test_what_cannot_be_come_to_says_why(client: httpx.AsyncClient) -> None:
    event = await workshop()
    url = f"/events/{event.id}/attend"
    for wrong, sentence in (
        ({"name": ""}, "Enter your"),
        ({"email": "nobody"}, "e-mail address"),
        ({"occurs_on": "2020-01-01"}, "It does not take place on that day."),
        ({"occurs_on": "soon"}, "Choose a day."),
    ):
        refused = await client.post(url, data=typed(**wrong))
        assert refused.status_code == 422 and sentence in refused.text, wrong
    await db.execute("UPDATE event SET takes_names = false")
    refused = await client.post(url, data=typed())
    assert refused.status_code == 422 and "Just come." in refused.text
    await db.execute("UPDATE event SET takes_names = true, cancelled_at = now()")
    assert (await client.post(url, data=typed())).status_code == 422
    assert await db.fetch("SELECT id FROM attendance") == []
    for path in ("/events/99/attend", "/attending/nonsense", "/interest/nonsense"):
        assert (await client.post(path, data=typed())).status_code == 404, path


async def test_what_has_begun_takes_no_more_names(client: httpx.AsyncClient) -> None:
    event = await workshop()
    await client.post(f"/events/{event.id}/attend", data=typed())
    page = await link("amina@example.org")
    began = datetime.now(UTC) - timedelta(minutes=5)
    await db.execute(
        "UPDATE event SET starts_at = $1::timestamptz, ends_at = $1::timestamptz + interval '1 hour'", began
    )
    await db.execute("UPDATE attendance SET occurs_on = $1", began.astimezone(LONDON).date())
    refused = await client.post(page, data={"act": "come"})
    assert refused.status_code == 422 and "It has begun already" in refused.text


async def test_programs_that_fill_in_everything_are_thanked_and_forgotten(client: httpx.AsyncClient) -> None:
    event = await workshop()
    asked = await client.post(f"/events/{event.id}/attend", data=typed(website="https://spam.example.org"))
    assert "Now press the link in your e-mail" in asked.text
    assert await db.fetch("SELECT id FROM attendance") == []


async def test_whoever_has_a_place_is_reminded_once_the_day_before(client: httpx.AsyncClient) -> None:
    event = await workshop(capacity=1, accessibility="Step-free.")
    await comes(client, event, "Amina Rahman", "amina@example.org")
    await comes(client, event, "Tom Ackroyd", "tom@example.org")
    assert await writing.remind() == 0
    tomorrow = datetime.now(UTC) + timedelta(hours=20)
    await db.execute("UPDATE event SET starts_at = $1, ends_at = $1", tomorrow)
    await db.execute("UPDATE attendance SET occurs_on = $1", tomorrow.astimezone(LONDON).date())
    await db.execute("UPDATE attendance SET place_at = now() - interval '5 days' WHERE place_at IS NOT NULL")
    assert await writing.remind() == 1
    assert await writing.remind() == 0
    await work.settle()
    mail = work.inbox("amina@example.org")[-1]
    assert mail["Subject"] == "Soon: A workshop" and "Step-free." in work.text_of(mail)
    assert "Soon" not in work.inbox("tom@example.org")[-1]["Subject"]


async def test_a_weekly_gathering_leaves_out_its_exceptions_and_ends(client: httpx.AsyncClient) -> None:
    first = datetime(2026, 3, 3, 18, tzinfo=UTC)
    event = await workshop(
        starts_at=first, ends_at=first + timedelta(hours=1), repeats="weekly", exceptions=[date(2026, 3, 17)]
    )
    assert [calendar.occurs(event, date(2026, 3, day)) for day in (3, 4, 10, 17, 24)] == [
        True, False, True, False, True,
    ]  # fmt: skip
    coming, _ = calendar.next_time(event)
    assert coming > datetime.now(UTC) and coming.hour == 18 and coming.weekday() == 1
    next_two = [coming.date(), coming.date() + timedelta(days=7)]
    event.exceptions = [next_two[0]]
    assert calendar.next_time(event)[0].date() == next_two[1]
    event.repeats_until = next_two[1]
    event.exceptions = next_two
    assert calendar.show(event).is_over
    await event.save()
    entry = icalendar.Calendar.from_ical((await client.get(f"/events/{event.id}.ics")).content).events[0]
    assert entry["rrule"]["until"][0].date() == next_two[1]
    assert {when.dt.date() for one in entry["exdate"] for when in one.dts} == set(next_two)


async def test_the_page_tells_search_engines_when_and_where_and_nothing_gets_out_of_it(
    client: httpx.AsyncClient,
) -> None:
    event = await workshop(title="</script><b>A workshop", address="Mill Lane")
    page = (await client.get(f"/events/{event.id}")).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    said = json.loads(found[1])
    assert said["name"] == "</script><b>A workshop"
    assert said["location"]["address"] == {"@type": "PostalAddress", "streetAddress": "Mill Lane"}


async def test_gatherings_are_listed_the_nearest_first_to_whoever_gives_a_postcode(
    client: httpx.AsyncClient, monkeypatch: Any
) -> None:
    from undersigned.settings import settings

    monkeypatch.setattr(settings, "demo", True)
    campaign = await make.campaign(slug="stand")
    assert "Nothing is planned at the moment." in (await client.get("/campaigns/stand/events")).text
    await workshop(campaign, title="In London", postcode="SW1A 0AA")
    await workshop(campaign, title="In Bury", postcode="BL9 0SW", starts_at=SOON + timedelta(days=1))
    soonest = (await client.get("/campaigns/stand/events")).text
    assert soonest.index("In London") < soonest.index("In Bury") and "webcal://" in soonest
    nearest = (await client.get("/campaigns/stand/events?postcode=BL9+0SW")).text
    assert nearest.index("In Bury") < nearest.index("In London") and "about 0 miles from BL9" in nearest
    assert (await client.get("/campaigns/stand/events?postcode=nowhere")).status_code == 422


async def test_what_we_hold_on_who_comes_is_shown_erased_and_forgotten(client: httpx.AsyncClient) -> None:
    event = await workshop()
    await comes(client, event, "Amina Rahman", "amina@example.org")
    (held,) = (await holdings.of("amina@example.org"))["attendances"]
    assert held["event"] == "A workshop" and held["wording"].endswith("deleted four weeks after it.")
    await holdings.erase("amina@example.org")
    assert await db.fetch("SELECT id FROM attendance") == []
    await comes(client, event, "Tom Ackroyd", "tom@example.org")
    await client.post(f"/events/{event.id}/attend", data=typed("Ruth Levy", "ruth@example.org"))
    await db.execute("UPDATE attendance SET created_at = now() - interval '8 days'")
    await forgetting.keep_promises()
    assert [row["email"] for row in await db.fetch("SELECT email FROM attendance")] == ["tom@example.org"]
    await db.execute("UPDATE attendance SET occurs_on = current_date - 29")
    await forgetting.keep_promises()
    assert await db.fetch("SELECT id FROM attendance") == []
