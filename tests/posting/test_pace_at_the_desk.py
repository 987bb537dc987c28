"""How a campaign's letters go, chosen at the desk and from the command line."""

import json

import httpx
import pytest

import make
from command_line import Run, refused
from staff.visits import sign_in, token
from undersigned.delivery import switch
from undersigned.kit import database as db
from undersigned.settings import settings

PACE = "/staff/campaigns/light/pace"


async def choose(client: httpx.AsyncClient, **typed: str) -> httpx.Response:
    data = {"form_token": await token(client)} | typed
    return await client.post(PACE, data=data, follow_redirects=True)


async def chosen() -> tuple[str, int | None]:
    (row,) = await db.fetch("SELECT letters_go, letters_an_hour FROM campaign WHERE slug = 'light'")
    return row["letters_go"], row["letters_an_hour"]


@pytest.fixture(autouse=True)
def _paced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "letters_an_hour", 30)


async def test_the_pace_is_chosen_and_written_in_the_audit(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    await make.letter(campaign=campaign, state="ready", sent_at=None)
    await sign_in(client)
    await switch.turn(switch.LIVE)
    page = (await client.get(PACE)).text
    assert "more than 30 letters an hour" in page and "Mon–Fri 08:00–18:00" in page
    assert "about " in page and "Harriet Vale" in page
    assert "Changed." in (await choose(client, letters_go="daily", letters_an_hour="")).text
    assert await chosen() == ("daily", None)
    await choose(client, letters_go="single", letters_an_hour="5")
    await choose(client, letters_go="single", letters_an_hour="5")
    assert await chosen() == ("single", 5)
    rows = await db.fetch("SELECT before, after FROM audit WHERE act = 'pace of letters' ORDER BY id")
    assert len(rows) == 2
    assert json.loads(rows[1]["before"]) == {"go": "daily", "an_hour": None}
    assert json.loads(rows[1]["after"]) == {"go": "single", "an_hour": 5}


@pytest.mark.parametrize("an_hour", ["31", "0", "-3", "many"])
async def test_no_campaign_is_faster_than_the_site(client: httpx.AsyncClient, an_hour: str) -> None:
    await make.campaign(slug="light")
    await sign_in(client)
    answer = await choose(client, letters_go="single", letters_an_hour=an_hour)
    assert answer.status_code == 422 and "One thing to put right" in answer.text
    assert await chosen() == ("single", None)


async def test_the_command_says_and_changes_it(database: None, run: Run) -> None:
    await make.campaign(slug="light")
    assert run("letters", "pace", "light").stdout == (
        "Letters go one by one, at most 30 an hour to one representative.\n"
    )
    assert run("letters", "pace", "light", "--an-hour", "5").stdout == (
        "Letters go one by one, at most 5 an hour to one representative.\n"
    )
    assert run("letters", "pace", "light", "--daily").stdout == "Letters go once a day, together.\n"
    assert await chosen() == ("daily", 5)
    assert "from 1 to 30" in refused(run("letters", "pace", "light", "--an-hour", "31"))
