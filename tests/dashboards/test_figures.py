"""Totals: by day in London, nothing about a handful of people in one place."""

from datetime import UTC, date, datetime

import httpx
import pytest
import time_machine

import front_door
import make
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import figures
from undersigned.delivery.tables import Delivery
from undersigned.privacy import holdings
from undersigned.signatures.tables import Tally

NOON = datetime(2026, 7, 10, 11, 30, tzinfo=UTC)


async def tally(campaign: Campaign, kind: str, key: str, total: int) -> None:
    await Tally(campaign=campaign.id, kind=kind, key=key, total=total).save()


@pytest.mark.usefixtures("database")
async def test_a_day_begins_at_midnight_in_london_not_in_greenwich() -> None:
    campaign = await make.campaign()
    await tally(campaign, "confirmed", "2026-07-09T22", 3)
    await tally(campaign, "confirmed", "2026-07-09T23", 4)
    await tally(campaign, "confirmed", "2026-07-10T10", 5)
    with time_machine.travel(NOON, tick=False):
        days = await figures.by_day(campaign.id, 3)
        hours = await figures.today_by_hour(campaign.id)
        listed = await figures.campaigns()
    assert days == [(date(2026, 7, 8), 0), (date(2026, 7, 9), 3), (date(2026, 7, 10), 9)]
    assert hours[0] == ("00", 4) and hours[11] == ("11", 5) and hours[-1] == ("12", 0)
    assert listed[0]["today"] == 9


@pytest.mark.usefixtures("database")
async def test_the_funnel_says_how_many_confirmed() -> None:
    campaign = await make.campaign()
    assert (await figures.funnel(campaign.id)).percent == 0
    await tally(campaign, "created", "2026-07-09T22", 40)
    await tally(campaign, "confirmed", "2026-07-09T22", 30)
    found = await figures.funnel(campaign.id)
    assert (found.created, found.confirmed, found.percent) == (40, 30, 75)


async def test_the_hours_sum_to_the_totals_whoever_signs_confirms_leaves_or_is_erased(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    for number in range(6):
        await front_door.sign(client, campaign, email=f"person-{number}@example.org")
    for number in range(4):
        await front_door.confirm(client, f"person-{number}@example.org")
    await hours_agree(campaign, created=6, confirmed=4)
    await holdings.withdraw(1, "person-0@example.org")
    await hours_agree(campaign, created=6, confirmed=3)
    await holdings.erase("person-1@example.org")
    await holdings.erase("person-5@example.org")
    await hours_agree(campaign, created=4, confirmed=2)
    await front_door.counted(client, campaign, email="person-0@example.org")
    await hours_agree(campaign, created=4, confirmed=3)


async def hours_agree(campaign: Campaign, created: int, confirmed: int) -> None:
    """The hours of the chart, the funnel above it, the sources and the campaign's count say the same."""
    hours = await figures.latest_hours(campaign.id)
    assert len(hours) == 48
    assert (sum(hour[1] for hour in hours), sum(hour[2] for hour in hours)) == (created, confirmed)
    sources = await figures.by_source(campaign.id)
    assert (sum(one.signed for one in sources), sum(one.confirmed for one in sources)) == (created, confirmed)
    found = await figures.funnel(campaign.id)
    assert (found.created, found.confirmed) == (created, confirmed)
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == confirmed


@pytest.mark.usefixtures("database")
async def test_the_last_48_hours_are_told_in_london_time_and_older_ones_are_left_out() -> None:
    campaign = await make.campaign()
    await tally(campaign, "created", "2026-07-10T11", 4)
    await tally(campaign, "confirmed", "2026-07-10T10", 3)
    await tally(campaign, "created", "2026-07-08T11", 100)
    with time_machine.travel(NOON, tick=False):
        hours = await figures.latest_hours(campaign.id)
    assert [(hour.hour, created, confirmed) for hour, created, confirmed in hours[-2:]] == [(11, 0, 3), (12, 4, 0)]
    assert sum(created for _, created, _ in hours) == 4


@pytest.mark.usefixtures("database")
async def test_sources_are_told_from_the_totals_with_their_bucket_and_share() -> None:
    campaign = await make.campaign()
    for kind, key, total in (
        ("came", "", 10),
        ("source", "", 5),
        ("came", "whatsapp:bury-choir", 20),
        ("source", "whatsapp:bury-choir", 19),
        ("source", "poster", 1),
        ("source", "x", 0),
    ):
        await tally(campaign, kind, key, total)
    found = await figures.by_source(campaign.id)
    assert [(one.channel, one.bucket, one.signed, one.confirmed, one.percent) for one in found] == [
        ("WhatsApp", "bury-choir", 20, 19, 95),
        ("No source given", "", 10, 5, 50),
        ("poster", "", 0, 1, None),
    ]


@pytest.mark.usefixtures("database")
async def test_places_with_fewer_than_five_are_counted_but_not_named() -> None:
    campaign = await make.campaign()
    await make.mp()
    await tally(campaign, "constituency", make.BURY_NORTH, 5)
    await tally(campaign, "constituency", "E14001352", 4)
    await tally(campaign, "constituency", "E14001251", 0)
    found = await figures.by_constituency(campaign.id)
    assert (found.rows, found.few) == ([("Bury North", 5)], 1)


@pytest.mark.usefixtures("database")
async def test_letters_and_own_words_leave_drafts_and_rehearsals_out() -> None:
    campaign = await make.campaign()
    assert await figures.own_words(campaign.id) is None
    for share, mode in ((40, "live"), (60, "rehearsal")):
        letter = await make.letter(campaign=campaign, own_share=share)
        for outcome in ("postponed", "accepted"):
            await Delivery(
                letter=letter.id,
                channel="email",
                mode=mode,
                recipient="x@example.org",
                started_at=NOON,
                outcome=outcome,
            ).save()
    await make.letter(campaign=campaign, own_share=0, state="draft")
    assert await figures.letters_sent(campaign.id) == 1
    assert await figures.own_words(campaign.id) == 50


async def test_the_public_figures_name_no_small_place(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light", signature_count=12)
    await make.mp()
    await make.mp("E14001352", "Manchester Central", display_name="Idris Penn", full_title="Idris Penn MP")
    await tally(campaign, "constituency", make.BURY_NORTH, 9)
    await tally(campaign, "constituency", "E14001352", 3)
    await make.mp("E14001251", "Gorton and Denton", display_name="Nia Frost", full_title="Nia Frost MP")
    page = await client.get("/campaigns/light/dashboard")
    assert page.status_code == 200
    assert "Bury North" in page.text and "Manchester Central" not in page.text
    assert "1 constituency has fewer than 5" in page.text
    assert "public" in page.headers["cache-control"]


async def test_a_draft_has_no_public_figures(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="draft", state="draft")
    assert (await client.get("/campaigns/draft/dashboard")).status_code == 404
    assert (await client.get("/campaigns/nothing/dashboard")).status_code == 404


async def test_an_action_without_signatures_has_figures_too(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="amari", kind="action")
    page = await client.get("/campaigns/amari/dashboard")
    assert page.status_code == 200
    assert "Letters sent to MPs" in page.text
