"""Gatherings at the desk: set up, changed, moved, called off; who comes, and word to those who asked."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

import make
import work
from staff.visits import sign_in, token
from undersigned.events import attending
from undersigned.events.tables import Event
from undersigned.kit import database as db
from undersigned.kit.days import LONDON
from undersigned.supporters import consents

HERE = "/staff/campaigns/stand/events"
DAY = (datetime.now(LONDON) + timedelta(days=20)).date()


async def typed(client: httpx.AsyncClient, **more: str) -> dict[str, str]:
    told = {
        "title": "A vigil",
        "on": DAY.isoformat(),
        "begins": "18:00",
        "ends": "19:00",
        "place": "Albert Square",
    }
    return {"form_token": await token(client)} | told | more


async def set_up(client: httpx.AsyncClient, **more: str) -> str:
    """Set one up; answers its page at the desk."""
    done = await client.post(f"{HERE}/new", data=await typed(client, **more))
    assert done.status_code == 303, done.text
    return str(done.headers["location"]).partition("?")[0]


async def coming(event_id: int, email: str = "amina@example.org", name: str = "=Amina") -> None:
    await db.execute(
        """INSERT INTO attendance
               (event, occurs_on, name, email, email_key, wording, created_at, confirmed_at, place_at)
           VALUES ($1, $2, $4, $3, $3, $5, now(), now(), now())""",
        event_id,
        DAY,
        email,
        name,
        await consents.wording_id("I agree."),
    )


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The desk of a campaign, with Owen at it."""
    await make.campaign(slug="stand")
    await sign_in(client)
    return client


async def test_an_empty_list_says_what_gatherings_are_for(desk: httpx.AsyncClient) -> None:
    assert "None yet. A vigil every week" in (await desk.get(HERE)).text


async def test_one_that_was_set_up_is_in_london_time_and_on_its_page(desk: httpx.AsyncClient) -> None:
    page = await set_up(desk, repeats="weekly", takes_names="yes", capacity="20", postcode="bl9 0sw")
    event = await Event.objects().first()
    assert event is not None
    assert event.starts_at.astimezone(LONDON).strftime("%H:%M") == "18:00"
    assert (event.capacity, event.postcode, event.takes_names) == (20, "BL9 0SW", True)
    assert 'value="A vigil"' in (await desk.get(page)).text
    assert "Albert Square" in (await desk.get(HERE)).text
    assert "20 of 20 left" in (await desk.get(f"/events/{event.id}")).text
    row = await db.fetch_one("SELECT about FROM audit WHERE act = 'gathering set up'")
    assert row == {"about": f"stand event {event.id}"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Say what it is."),
        ({"on": "soon"}, "Choose the day"),
        ({"begins": "teatime"}, "Say when it begins"),
        ({"ends": "17:00"}, "It must end after it begins"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"capacity": "many"}, "Enter a number"),
        ({"capacity": "-2"}, "Enter a number"),
    ],
)
async def test_mistakes_are_said_beside_the_field(
    desk: httpx.AsyncClient, wrong: dict[str, str], sentence: str
) -> None:
    refused = await desk.post(f"{HERE}/new", data=await typed(desk, **wrong))
    assert refused.status_code == 422 and sentence in refused.text
    assert await db.fetch("SELECT id FROM event") == []


async def test_calling_off_tells_whoever_was_coming(desk: httpx.AsyncClient) -> None:
    page = await set_up(desk, takes_names="yes")
    await coming(1)
    done = await desk.post(f"{page}/off", data={"form_token": await token(desk)})
    assert "It is called off" in (await desk.get(done.headers["location"])).text
    await work.settle()
    (mail,) = work.inbox("amina@example.org")
    assert mail["Subject"] == "Called off: A vigil"
    assert "<strong>Cancelled</strong>" in (await desk.get("/events/1")).text


async def test_one_day_of_a_weekly_one_can_be_called_off(desk: httpx.AsyncClient) -> None:
    page = await set_up(desk, repeats="weekly", takes_names="yes")
    await coming(1)
    wrong = (DAY + timedelta(days=1)).isoformat()
    refused = await desk.post(f"{page}/off", data={"form_token": await token(desk), "day": wrong})
    assert refused.status_code == 422 and "It does not come round on that day" in refused.text
    await desk.post(f"{page}/off", data={"form_token": await token(desk), "day": DAY.isoformat()})
    event = await Event.objects().first()
    assert event is not None and event.exceptions == [DAY] and event.cancelled_at is None
    await work.settle()
    assert [mail["Subject"] for mail in work.inbox("amina@example.org")] == ["Called off: A vigil"]


async def test_whoever_was_coming_is_told_when_it_moves(desk: httpx.AsyncClient) -> None:
    page = await set_up(desk, takes_names="yes")
    await coming(1)
    later = DAY + timedelta(days=3)
    await desk.post(page, data=await typed(desk, on=later.isoformat(), takes_names="yes"))
    assert [row["occurs_on"] for row in await attending.coming(1)] == [later]
    await work.settle()
    (mail,) = work.inbox("amina@example.org")
    assert mail["Subject"] == "Moved: A vigil" and f"{later.day} {later:%B %Y} at 18:00" in work.text_of(mail)


async def test_whoever_is_down_for_both_days_stays_down_once_a_weekly_one_becomes_one_day(
    desk: httpx.AsyncClient,
) -> None:
    page = await set_up(desk, takes_names="yes")
    await coming(1)
    later = DAY + timedelta(days=7)
    await db.execute("UPDATE attendance SET occurs_on = $1", later)
    await coming(1)
    moved = await desk.post(page, data=await typed(desk, on=later.isoformat(), takes_names="yes"))
    assert moved.status_code == 303
    assert sorted(row["occurs_on"] for row in await attending.coming(1)) == [DAY, later]


async def test_more_places_go_to_those_who_wait(desk: httpx.AsyncClient) -> None:
    page = await set_up(desk, takes_names="yes", capacity="1")
    await coming(1)
    await coming(1, "tom@example.org", "Tom")
    await db.execute("UPDATE attendance SET place_at = NULL WHERE email = 'tom@example.org'")
    assert "1 waits" in (await desk.get(HERE)).text
    await desk.post(page, data=await typed(desk, takes_names="yes", capacity="2"))
    await work.settle()
    assert [mail["Subject"] for mail in work.inbox("tom@example.org")] == ["A place came free: A vigil"]


async def test_the_list_for_the_door_holds_no_formula_and_the_audit_says_who_took_it(
    desk: httpx.AsyncClient,
) -> None:
    page = await set_up(desk, takes_names="yes")
    await coming(1)
    file = await desk.get(f"{page}/people.csv")
    assert file.text.startswith("\ufeff") and "'=Amina,amina@example.org,yes" in file.text
    assert await db.fetch("SELECT id FROM audit WHERE act = 'attendance exported'")


async def test_those_who_asked_about_the_region_are_told_once_and_can_be_taken_off(
    desk: httpx.AsyncClient,
) -> None:
    await db.execute(
        """INSERT INTO interest (campaign, name, email, email_key, region, wording, created_at)
           SELECT 1, 'Amina', 'amina@example.org', 'amina@example.org', 'North West', 'Tell me.', now()
           UNION ALL SELECT 1, 'Tom', 'tom@example.org', 'tom@example.org', 'Cymru', 'Tell me.', now()"""
    )
    page = await set_up(desk, region="North West")
    assert "1 asked to hear of North West." in (await desk.get(page)).text
    for _ in range(2):
        await desk.post(f"{page}/tell", data={"form_token": await token(desk)})
    await work.settle()
    (mail,) = work.inbox("amina@example.org")
    assert mail["Subject"] == "There is a date: A vigil" and work.inbox("tom@example.org") == []
    off = work.link_in(mail, "/interest/")
    assert "Hear no more of dates?" in (await desk.get(off)).text
    assert len(await db.fetch("SELECT id FROM interest")) == 2
    assert "deleted" in (await desk.post(off)).text
    assert [row["email"] for row in await db.fetch("SELECT email FROM interest")] == ["tom@example.org"]


async def test_only_who_runs_gatherings_sees_who_comes(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="stand")
    now = datetime.now(UTC)
    await Event(campaign=campaign.id, title="A vigil", starts_at=now, ends_at=now).save()
    await sign_in(client, "viewer")
    for path in (HERE, f"{HERE}/new", f"{HERE}/1", f"{HERE}/1/people.csv"):
        assert (await client.get(path)).status_code == 403, path
    for path in (f"{HERE}/1", f"{HERE}/1/off", f"{HERE}/1/tell", f"{HERE}/new"):
        assert (await client.post(path, data=await typed(client))).status_code == 403, path


async def test_the_gathering_of_another_campaign_is_not_here(desk: httpx.AsyncClient) -> None:
    await make.campaign(slug="other")
    await set_up(desk)
    assert (await desk.get("/staff/campaigns/other/events/1")).status_code == 404
    told = await typed(desk)
    assert (await desk.post("/staff/campaigns/other/events/1/off", data=told)).status_code == 404
