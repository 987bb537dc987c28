"""Totals: by day in London, nothing about a handful of people in one place."""

from datetime import UTC, date, datetime

import httpx
import pytest
import time_machine

import make
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import figures
from undersigned.delivery.tables import Delivery
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
