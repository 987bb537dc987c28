"""Closing at the end of a day in London: before the form, in the middle of it, and as the link is pressed."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
import time_machine

import front_door
import make
import work
from undersigned.campaigns import closing
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import days

MIDNIGHTS = {
    # The clocks go forward on 28 March 2027 and back on 31 October 2027, both at one o'clock in the morning.
    date(2027, 3, 26): datetime(2027, 3, 27, 0, tzinfo=UTC),
    date(2027, 3, 27): datetime(2027, 3, 28, 0, tzinfo=UTC),
    date(2027, 3, 28): datetime(2027, 3, 28, 23, tzinfo=UTC),
    date(2027, 3, 29): datetime(2027, 3, 29, 23, tzinfo=UTC),
    date(2027, 10, 29): datetime(2027, 10, 29, 23, tzinfo=UTC),
    date(2027, 10, 30): datetime(2027, 10, 30, 23, tzinfo=UTC),
    date(2027, 10, 31): datetime(2027, 11, 1, 0, tzinfo=UTC),
    date(2027, 11, 1): datetime(2027, 11, 2, 0, tzinfo=UTC),
}
SECOND = timedelta(seconds=1)
TAKES_NAMES_AT = Campaign.TAKES_NAMES.replace("now()", "$1::timestamptz")


async def signatures() -> int:
    return int((await front_door.row("SELECT count(*) AS n FROM signature"))["n"])


async def row_of(campaign: Campaign) -> Campaign:
    found = await Campaign.objects().where(Campaign.id == campaign.id).first()
    assert found
    return found


@pytest.mark.parametrize(("day", "midnight"), MIDNIGHTS.items())
async def test_a_day_ends_at_midnight_in_london_on_both_sides_of_every_change_of_the_clocks(
    client: httpx.AsyncClient, day: date, midnight: datetime
) -> None:
    assert days.end_of(day) == midnight
    opened = midnight - timedelta(days=90)
    closes = await make.campaign(opens_at=opened, closes_at=days.end_of(day))
    pledge = await make.campaign(opens_at=opened, kind="pledge", pledge_target=500, pledge_deadline=day)
    for campaign in (closes, pledge):
        for moment, takes in ((midnight - SECOND, True), (midnight, False)):
            with time_machine.travel(moment, tick=False):
                assert (await row_of(campaign)).takes_names is takes, moment
            told = await db.fetch_one(
                f"SELECT {TAKES_NAMES_AT} AS takes FROM campaign WHERE id = $2", moment, campaign.id
            )
            assert told == {"takes": takes}, moment
    with time_machine.travel(midnight + SECOND, tick=True):
        page = await client.get(f"/campaigns/{closes.slug}")
        facts = (await client.get(f"/campaigns/{closes.slug}.json")).json()
    assert f"Closed on {day.day} {day:%B %Y}." in page.text
    assert facts["data"]["attributes"]["closing_date"] == day.isoformat()


@pytest.mark.parametrize("day", MIDNIGHTS)
async def test_links_count_for_twenty_four_hours_after_midnight_whatever_the_clocks_do(
    database: None, day: date
) -> None:
    opened = days.end_of(day) - timedelta(days=90)
    closes = await make.campaign(opens_at=opened, closes_at=days.end_of(day))
    pledge = await make.campaign(opens_at=opened, kind="pledge", pledge_target=500, pledge_deadline=day)
    over = days.end_of(day) + timedelta(hours=24)
    for campaign in (closes, pledge):
        for moment, counts in ((over - SECOND, True), (over, False)):
            with time_machine.travel(moment, tick=False):
                assert (await row_of(campaign)).counts_confirmations is counts


async def test_the_clock_closes_what_is_over_once_and_leaves_alone_what_is_paused_or_goes_on(
    database: None,
) -> None:
    now = datetime.now(UTC)
    over = await make.campaign(closes_at=now - SECOND)
    running = [
        await make.campaign(closes_at=now + timedelta(hours=1)),
        await make.campaign(closes_at=None),
        await make.campaign(closes_at=now - timedelta(hours=1), paused_at=now - timedelta(hours=2)),
    ]
    assert [await closing.close() for _ in range(3)] == [1, 0, 0]
    assert (await row_of(over)).state == "closed"
    assert {(await row_of(campaign)).state for campaign in running} == {"open"}
    written = await front_door.row("SELECT act, about, staff_id FROM audit")
    assert written == {"act": "campaign closed", "about": f"campaign {over.slug}", "staff_id": "clock"}


async def test_a_pledge_is_closed_at_the_end_of_its_deadline_also_in_a_pause_and_nowhere_called_open(
    client: httpx.AsyncClient,
) -> None:
    yesterday, now = days.today() - timedelta(days=1), datetime.now(UTC)
    told = {"kind": "pledge", "pledge_target": 500, "pledge_deadline": yesterday}
    over = await make.campaign(ask="Stand beside them.", **told)
    paused = await make.campaign(paused_at=now - timedelta(days=3), **told)
    far = {"closes_at": now + timedelta(days=90)}
    later = await make.campaign(**told, **far)
    running = await make.campaign(**(told | {"pledge_deadline": days.today()}), **far)
    petition = await make.campaign(pledge_deadline=yesterday)
    assert [await closing.close() for _ in range(2)] == [3, 0]
    assert {(await row_of(campaign)).state for campaign in (over, paused, later)} == {"closed"}
    assert {(await row_of(campaign)).state for campaign in (running, petition)} == {"open"}
    assert "Stand beside them." not in (await client.get("/")).text
    facts = (await client.get(f"/campaigns/{over.slug}.json")).json()["data"]["attributes"]
    assert (facts["state"], facts["closing_date"]) == ("closed", yesterday.isoformat())
    assert facts["closed_at"][:19] == days.end_of(yesterday).isoformat()[:19]


async def test_a_pledge_whose_deadline_is_near_is_closing_soon(client: httpx.AsyncClient) -> None:
    await make.campaign(
        kind="pledge", title="Stand beside", pledge_target=500, pledge_deadline=days.today() + timedelta(days=2)
    )
    page = (await client.get("/")).text
    assert "Stand beside" in page[page.index("Closing soon") :]


async def test_what_opens_later_is_not_called_closed(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(opens_at=datetime(2099, 5, 1, 9, tzinfo=UTC), title="A light")
    for page in (await client.get(f"/campaigns/{campaign.slug}/sign"), await front_door.sign(client, campaign)):
        assert page.status_code == 404
        assert "<title>Not open yet: A light" in page.text and "Opens on 1 May 2099." in page.text
    assert await signatures() == 0


async def test_an_action_has_nothing_to_sign(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(kind="action")
    for page in (await client.get(f"/campaigns/{campaign.slug}/sign"), await front_door.sign(client, campaign)):
        assert page.status_code == 404
        assert "There is nothing to sign here." in page.text and "Opens on" not in page.text
    assert await signatures() == 0


@pytest.mark.parametrize("kind", ["petition", "pledge"])
async def test_closing_before_the_form_during_the_details_and_at_the_last_press_writes_nothing(
    client: httpx.AsyncClient, kind: str
) -> None:
    told = {"pledge_target": 500, "pledge_deadline": days.today() + timedelta(days=3)} if kind == "pledge" else {}
    campaign = await make.campaign(kind=kind, **told)
    assert (await client.get(f"/campaigns/{campaign.slug}/sign")).status_code == 200
    slip = await front_door.sign(client, campaign, email="amina@gmial.com")
    assert "gmail.com" in slip.text
    if kind == "pledge":
        await db.execute("UPDATE campaign SET pledge_deadline = $1", days.today() - timedelta(days=1))
    else:
        await db.execute("UPDATE campaign SET closes_at = now() - interval '1 second'")
    # What this process read of the campaign is still fresh: the last press is refused by the record itself.
    answer = await front_door.sign(client, campaign)
    assert answer.status_code == 410
    front_door.a_second_passes()
    pages = [answer, await client.get(f"/campaigns/{campaign.slug}/sign"), await front_door.sign(client, campaign)]
    pages.append(await front_door.sign(client, campaign, email="amina@gmial.com"))
    for page in pages:
        assert page.status_code == 410
        assert ("This pledge was open until the end of" if kind == "pledge" else "Closed on") in page.text
    assert await signatures() == 0


async def test_pausing_in_the_middle_of_the_details_says_why_and_writes_nothing(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    assert "gmail.com" in (await front_door.sign(client, campaign, email="amina@gmial.com")).text
    await db.execute("UPDATE campaign SET paused_at = now(), paused_why = 'We read the names.'")
    answer = await front_door.sign(client, campaign)
    assert answer.status_code == 410 and "We read the names." in answer.text
    front_door.a_second_passes()
    again = await front_door.sign(client, campaign, email="amina@gmial.com")
    assert again.status_code == 410 and "We read the names." in again.text
    assert await signatures() == 0


async def test_a_link_of_a_pledge_counts_for_a_day_after_its_deadline_and_no_longer(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(kind="pledge", pledge_target=5, pledge_deadline=days.today())
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    await front_door.sign(client, campaign, email="yusuf@example.org", name="Yusuf Rahman")
    late = await front_door.mailed_link("yusuf@example.org")
    await db.execute("UPDATE campaign SET pledge_deadline = $1", days.today() - timedelta(days=1))
    assert "You are number 1" in (await client.post(link)).text
    await db.execute("UPDATE campaign SET pledge_deadline = $1", days.today() - timedelta(days=2))
    answer = await client.post(late)
    assert answer.status_code == 410 and "This link came too late to count" in answer.text
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1


async def test_the_e_mail_names_the_last_day_on_which_its_link_counts(client: httpx.AsyncClient) -> None:
    last_day = days.today() + timedelta(days=3)
    campaign = await make.campaign(closes_at=days.end_of(last_day))
    await front_door.sign(client, campaign)
    await work.settle()
    (message,) = work.inbox("amina@example.org")
    expected = last_day + timedelta(days=1)
    assert f"The link works until {expected.day} {expected:%B %Y}" in work.text_of(message)
