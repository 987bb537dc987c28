"""Pausing a campaign: who comes is told why, who has signed is counted, and the days are given back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

import front_door
import make
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import days

WHY = "We are looking into a burst of names."


async def press(client: httpx.AsyncClient, campaign: Campaign, act: str, why: str = WHY) -> httpx.Response:
    """Send the desk's form for ``campaign``."""
    typed = {"act": act, "why": why, "form_token": await token(client)}
    return await client.post(f"/staff/campaigns/{campaign.slug}/signing", data=typed)


async def test_a_paused_campaign_takes_no_names_and_says_why(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    assert (await press(client, campaign, "pause")).status_code == 303
    for page in (await front_door.sign(client, campaign), await client.get("/campaigns/light/sign")):
        assert page.status_code == 410
        assert "Signing is paused." in page.text and WHY in page.text
    front_door.a_second_passes()
    page = await client.get("/campaigns/light")
    assert "Signing is paused." in page.text and 'action="/campaigns/light/sign"' not in page.text
    assert (await front_door.row("SELECT count(*) AS n FROM signature"))["n"] == 0


async def test_a_pause_in_the_middle_of_signing_keeps_the_name_out_and_the_link_counts(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    await client.get(f"/campaigns/{campaign.slug}")
    await front_door.sign(client, campaign)
    link = await front_door.mailed_link("amina@example.org")
    await press(client, campaign, "pause")
    assert (await front_door.sign(client, campaign, email="owen@example.org")).status_code == 410
    assert "You are number 1" in (await client.post(link)).text


@pytest.mark.parametrize("last_day", [date(2027, 3, 1), date(2027, 3, 26), date(2027, 10, 29)])
@pytest.mark.parametrize(("hours", "given_back"), [(2 * 24 + 13, 3), (2 * 24 + 3, 2), (13, 1), (11, 0)])
async def test_going_on_gives_the_days_of_the_pause_back_and_still_closes_at_midnight(
    client: httpx.AsyncClient, last_day: date, hours: int, given_back: int
) -> None:
    await sign_in(client)
    campaign = await make.campaign(
        closes_at=days.end_of(last_day), paused_at=datetime.now(UTC) - timedelta(hours=hours), paused_why=WHY
    )
    assert (await press(client, campaign, "resume")).status_code == 303
    row = await front_door.row("SELECT closes_at, paused_at FROM campaign")
    assert row["paused_at"] is None
    assert row["closes_at"] == days.end_of(last_day + timedelta(days=given_back))
    front_door.a_second_passes()
    acts = await front_door.row("SELECT act, staff_id FROM audit WHERE about LIKE 'campaign %'")
    assert acts == {"act": "signing resumed", "staff_id": "1"}


async def test_many_pauses_of_a_minute_put_nothing_off(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    closes_at = days.end_of(days.today() + timedelta(days=9))
    campaign = await make.campaign(closes_at=closes_at)
    for _ in range(5):
        await press(client, campaign, "pause")
        await db.execute("UPDATE campaign SET paused_at = paused_at - interval '1 minute'")
        await press(client, campaign, "resume")
    assert (await front_door.row("SELECT closes_at FROM campaign"))["closes_at"] == closes_at


async def test_a_campaign_that_would_have_closed_in_a_pause_takes_names_again_when_it_goes_on(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    now = datetime.now(UTC)
    campaign = await make.campaign(
        closes_at=now - timedelta(hours=1), paused_at=now - timedelta(hours=3), paused_why=WHY
    )
    assert (await press(client, campaign, "resume")).status_code == 303
    front_door.a_second_passes()
    assert (await front_door.sign(client, campaign)).status_code == 303
    closes_at = (await front_door.row("SELECT closes_at FROM campaign"))["closes_at"]
    assert now < closes_at <= now + timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "action"}, "There is nothing to sign here"),
        ({"opens_at": datetime(2099, 5, 1, 9, tzinfo=UTC)}, "It opens on 1 May 2099"),
        ({"kind": "pledge", "pledge_deadline": date(2026, 3, 1)}, "It took names until the end of 1 March 2026"),
        ({"state": "draft"}, "The campaign is draft"),
    ],
)
async def test_where_there_is_nothing_to_pause_the_desk_says_why(
    client: httpx.AsyncClient, told: dict[str, Any], said: str
) -> None:
    await sign_in(client)
    campaign = await make.campaign(**told)
    page = await client.get(f"/staff/campaigns/{campaign.slug}/signing")
    assert said in page.text and "nothing to pause" in page.text


async def test_a_campaign_whose_last_day_passes_in_a_pause_is_paused_and_not_closed(
    client: httpx.AsyncClient,
) -> None:
    now = datetime.now(UTC)
    campaign = await make.campaign(
        closes_at=now - timedelta(hours=1), paused_at=now - timedelta(days=1), paused_why=WHY
    )
    assert "Signing is paused." in (await front_door.sign(client, campaign)).text


async def test_pausing_twice_and_pausing_without_a_reason_are_told_so(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    unsaid = await press(client, campaign, "pause", why="")
    assert unsaid.status_code == 422 and "Say in a sentence why." in unsaid.text
    await press(client, campaign, "pause")
    twice = await press(client, campaign, "pause")
    assert twice.status_code == 422 and "Somebody else has changed this meanwhile." in twice.text


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("editor", 200), ("moderator", 200), ("viewer", 403)]
)
async def test_who_may_pause(client: httpx.AsyncClient, role: str, status: int) -> None:
    await sign_in(client, role)
    campaign = await make.campaign()
    assert (await client.get(f"/staff/campaigns/{campaign.slug}/signing")).status_code == status
    assert ((await press(client, campaign, "pause")).status_code == 403) == (status == 403)
