"""Gatherings: pages, calendar files, and the list of those who want to hear."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import icalendar

import make
from undersigned.campaigns.tables import Campaign
from undersigned.events.tables import Event
from undersigned.kit import database as db

REGIONS = {"regions": ["North West", "Cymru"], "wording": "Write to me about dates near me."}
AMINA = {"name": "Amina Rahman", "email": "amina@example.org", "region": "North West"}


async def vigil(of: Campaign, **wanted: Any) -> Event:
    told = {
        "title": "A vigil",
        "about": "Bring a **candle**.",
        "place": "Albert Square",
        "address": "Manchester",
        "starts_at": datetime(2026, 9, 1, 17, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 9, 1, 18, 0, tzinfo=UTC),
        "repeats": "weekly",
    }
    made = Event(campaign=of.id, **(told | wanted))
    await made.save()
    return made


async def test_the_page_of_a_weekly_vigil(client: httpx.AsyncClient) -> None:
    event = await vigil(await make.campaign())
    page = await client.get(f"/events/{event.id}")
    assert "Every Tuesday, 18:00 to 19:00" in page.text
    assert "<strong>candle</strong>" in page.text


async def test_events_that_are_not_there(client: httpx.AsyncClient) -> None:
    hidden = await vigil(await make.campaign(state="draft"))
    for name in ("99", "x", "9" * 30, f"{hidden.id}", f"{hidden.id}.ics", "99.ics"):
        assert (await client.get(f"/events/{name}")).status_code == 404, name


async def test_a_weekly_event_keeps_its_london_hour_when_the_clocks_change(client: httpx.AsyncClient) -> None:
    event = await vigil(await make.campaign())
    file = await client.get(f"/events/{event.id}.ics")
    assert file.headers["content-type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(file.content)
    entry = calendar.events[0]
    assert entry["dtstart"].params["tzid"] == "Europe/London"
    assert entry.start.hour == 18
    assert entry["rrule"]["freq"] == ["WEEKLY"]
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Europe/London"]


async def test_a_calendar_to_subscribe_to_says_what_is_cancelled(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light", title="A light")
    await vigil(campaign)
    await vigil(campaign, title="Called off", repeats="", cancelled_at=datetime.now(UTC))
    file = await client.get("/campaigns/light/events.ics")
    entries = icalendar.Calendar.from_ical(file.content).events
    assert [str(entry["summary"]) for entry in entries] == ["A vigil", "Called off"]
    assert entries[1]["status"] == "CANCELLED" and "status" not in entries[0]
    assert len({str(entry["uid"]) for entry in entries}) == 2
    assert (await client.get("/campaigns/nothing/events.ics")).status_code == 404


async def test_interest_is_one_row_a_person(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="workshops", interest=json.dumps(REGIONS))
    first = await client.post("/campaigns/workshops/interest", data=AMINA)
    assert first.status_code in {200, 201} and "You are on the list" in first.text
    assert "The campaigner sees who is interested, and where." in first.text
    moved = AMINA | {"email": "Amina+w@example.org", "name": "Somebody Else", "region": "Cymru"}
    await client.post("/campaigns/workshops/interest", data=moved)
    rows = await db.fetch("SELECT name, email, region, wording FROM interest")
    assert rows == [
        {
            "name": "Amina Rahman",
            "email": "amina@example.org",
            "region": "Cymru",
            "wording": "Write to me about dates near me.",
        }
    ]


async def test_mistakes_are_said_beside_their_fields(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="workshops", interest=json.dumps(REGIONS))
    answer = await client.post("/campaigns/workshops/interest", data={"name": "Amina", "email": "no"})
    assert answer.status_code == 422
    assert "name@example.com" in answer.text and "Choose your region." in answer.text
    assert 'value="Amina"' in answer.text
    elsewhere = await client.post("/campaigns/workshops/interest", data=AMINA | {"region": "Atlantis"})
    assert elsewhere.status_code == 422 and "Choose your region." in elsewhere.text
    assert await db.fetch("SELECT 1 FROM interest") == []


async def test_a_program_that_fills_in_the_trap_is_thanked_and_forgotten(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="workshops", interest=json.dumps(REGIONS))
    answer = await client.post("/campaigns/workshops/interest", data=AMINA | {"website": "http://x.example"})
    assert "You are on the list" in answer.text
    assert await db.fetch("SELECT 1 FROM interest") == []


async def test_a_campaign_without_a_list_takes_no_interest(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    assert (await client.post("/campaigns/light/interest", data=AMINA)).status_code == 404
