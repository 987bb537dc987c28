"""Names on paper: entered in batches, with a line of their own, and never in the count."""

from datetime import date, timedelta

import httpx
import pytest

import make
from staff.visits import sign_in, token
from undersigned.campaigns import finding
from undersigned.campaigns.tables import PaperBatch
from undersigned.front import routes as front
from undersigned.kit import database as db

HERE = "/staff/campaigns/light/on-paper"


async def add(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    told = {"label": "The stall at Bury market", "signatures": "212", "collected_on": date.today().isoformat()}
    return await client.post(HERE, data={"form_token": await token(client)} | told | more)


async def public(client: httpx.AsyncClient, path: str = "") -> str:
    front.shelf.forget()
    finding.shelf.forget()
    return (await client.get(f"/campaigns/light{path}")).text


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> httpx.AsyncClient:
    await make.campaign(slug="light", signature_count=7)
    await sign_in(client)
    return client


async def test_a_batch_has_a_line_of_its_own_and_the_count_stays(desk: httpx.AsyncClient) -> None:
    assert "No sheets have come back yet." in (await desk.get(HERE)).text
    assert (await add(desk)).status_code == 303
    page = await public(desk)
    assert "And <strong>212</strong> on paper, counted by hand." in page
    assert "<strong data-count-number>7</strong>" in page
    assert "Signed on paper, besides" in await public(desk, "/dashboard")
    assert (await db.fetch_one("SELECT signature_count FROM campaign")) == {"signature_count": 7}


async def test_one_that_was_wrong_is_counted_no_more_and_stays_on_record(desk: httpx.AsyncClient) -> None:
    await add(desk)
    await add(desk, label="The library", signatures="30")
    gone = {"form_token": await token(desk), "act": "remove", "batch": "1", "why": "Counted twice."}
    assert (await desk.post(HERE, data=gone)).status_code == 303
    assert await PaperBatch.total(1) == 30
    page = (await desk.get(HERE)).text
    assert "Counted twice." in page and "30 names on paper" in page
    assert len(await db.fetch("SELECT id FROM audit WHERE act LIKE 'paper %'")) == 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"label": ""}, "Say where they come from."),
        ({"signatures": "many"}, "Enter how many names"),
        ({"signatures": "0"}, "Enter how many names"),
        ({"collected_on": ""}, "Choose the day"),
        ({"collected_on": (date.today() + timedelta(days=3)).isoformat()}, "still to come"),
        ({"act": "remove", "batch": "1", "why": ""}, "Say why it does not count."),
    ],
)
async def test_mistakes_are_said(desk: httpx.AsyncClient, wrong: dict[str, str], sentence: str) -> None:
    refused = await add(desk, **wrong)
    assert refused.status_code == 422 and sentence in refused.text
    assert await PaperBatch.total(1) == 0


async def test_a_batch_of_another_campaign_is_not_here(desk: httpx.AsyncClient) -> None:
    await add(desk)
    await make.campaign(slug="other")
    gone = {"form_token": await token(desk), "act": "remove", "batch": "1", "why": "Mine now."}
    assert (await desk.post("/staff/campaigns/other/on-paper", data=gone)).status_code == 404
    assert await PaperBatch.total(1) == 212


@pytest.mark.parametrize("role", ["moderator", "viewer"])
async def test_only_owners_and_editors_count_paper(client: httpx.AsyncClient, role: str) -> None:
    await make.campaign(slug="light")
    await sign_in(client, role)
    assert (await client.get(HERE)).status_code == 403
    assert (await add(client)).status_code == 403
