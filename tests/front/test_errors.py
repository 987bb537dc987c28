"""What goes wrong is said once, in our words, with a way on; nobody is shown how we are made."""

import httpx
import pytest

import front_door
import make
import outages
from undersigned.front import routes as front
from undersigned.kit import database as db
from undersigned.open_data import routes as open_data


async def test_an_unknown_address_is_a_404_with_a_search_for_its_words(client: httpx.AsyncClient) -> None:
    answer = await client.get("/campaigns/a-light-at-the-bus-stop")
    assert answer.status_code == 404
    assert "We cannot find that page" in answer.text
    assert 'value="a light at the bus stop"' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/campaigns", "/letters/", "/demo/inbox", "/demo/inbox/x", "/wp-admin"]
)
async def test_what_is_not_there_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.text


@pytest.mark.parametrize(
    "path", ["/campaigns/%00", "/%00", "/?q=%00", "/your-mp?postcode=%00", "/you/%00", "/%ff%fe"]
)
async def test_bytes_that_are_no_text_never_break_us(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code < 500


async def test_json_is_answered_in_json(client: httpx.AsyncClient) -> None:
    answer = await client.get("/campaigns/nothing.json")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/"), ("POST", "/your-mp"), ("PUT", "/campaigns/light")])
async def test_another_method_is_refused_kindly(client: httpx.AsyncClient, method: str, path: str) -> None:
    await make.campaign(slug="light")
    answer = await client.request(method, path)
    assert answer.status_code == 405
    assert "That cannot be done here" in answer.text


async def test_a_bug_is_ours_and_shows_nothing_of_us(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await make.campaign(slug="light")
    await db.execute("ALTER TABLE endorsement RENAME TO elsewhere")
    try:
        answer = await client.get("/campaigns/light")
    finally:
        await db.execute("ALTER TABLE elsewhere RENAME TO endorsement")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "endorsement" not in answer.text
    assert "Traceback" not in answer.text
    assert "A bug at /campaigns/{slug}" in caplog.text


async def test_with_the_database_away_every_door_says_not_just_now_and_opens_again(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="light")
    front.shelf.forget()
    open_data.shelf.forget()
    async with outages.database_away():
        answers = [
            await client.get("/campaigns/light"),
            await client.get("/campaigns/light/sign"),
            await front_door.sign(client, campaign),
            await client.get("/campaigns/light.json"),
            await client.get("/campaigns/light/count.json"),
        ]
        assert [answer.status_code for answer in answers] == [503] * 5
        for page in answers[:3]:
            assert "Not just now" in page.text
            assert page.headers["retry-after"] == "30"
        assert answers[3].json()["status"] == 503
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "away")
        assert (await client.get("/livez")).status_code == 200
    back = (await client.get("/readyz")).json()
    assert (back["database"], back["redis"]) == ("ok", "ok")
    assert (await front_door.sign(client, campaign)).status_code == 303


async def test_with_redis_away_the_whole_way_still_works(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign()
    with outages.redis_away():
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["redis"]) == (200, "away")
        page = await front_door.counted(client, campaign)
        assert "You are number 1" in page.text
        await front_door.queued(client, campaign)
