"""The Parliament petitions site's shapes: its readers work here unchanged."""

import re
from typing import Any

import httpx
import pytest

import front_door
import make
from undersigned.signatures import counting

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ATTRIBUTES = {
    *("action", "background", "additional_details", "state", "signature_count", "created_at", "updated_at"),
    *("opened_at", "closed_at", "rejected_at", "creator_name", "rejection"),
    *("signatures_by_country", "signatures_by_constituency"),
}


async def json(client: httpx.AsyncClient, path: str) -> Any:
    """An answer that any other site may read."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "max-age=1" in answer.headers["cache-control"]
    return answer.json()


async def test_a_campaign_answers_by_name_and_by_number_alike(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light", title="A light", ask="One light.", body="It is **dark**.")
    by_name = await json(client, "/campaigns/light.json")
    by_number = await json(client, f"/petitions/{campaign.id}.json")
    assert by_name["data"] == by_number["data"]
    assert by_number["links"]["self"] == f"http://test.example.org/petitions/{campaign.id}.json"
    data = by_name["data"]
    assert (data["type"], data["id"]) == ("petition", campaign.id)
    attributes = data["attributes"]
    assert attributes.keys() >= ATTRIBUTES
    assert attributes["action"] == "A light"
    assert attributes["additional_details"] == "It is **dark**."
    assert attributes["creator_name"] == "The Doorstep Alliance"
    assert attributes["state"] == "open"
    for name in ("created_at", "updated_at", "opened_at"):
        assert MOMENT.fullmatch(attributes[name])


async def test_the_count_is_flat_and_answers_by_number_too(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light", signature_count=4_183)
    assert (await json(client, "/campaigns/light/count.json"))["signature_count"] == 4_183
    assert (await json(client, f"/petitions/{campaign.id}/count.json"))["signature_count"] == 4_183


async def test_areas_with_fewer_than_five_are_not_shown(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign(slug="light")
    totals = {("country", "GB"): 9, ("country", "FR"): 4, ("constituency", make.BURY_NORTH): 5}
    await counting.add(counting.Totals({(campaign.id, *key): total for key, total in totals.items()}))
    attributes = (await json(client, "/campaigns/light.json"))["data"]["attributes"]
    assert attributes["signatures_by_country"] == [{"name": "United Kingdom", "code": "GB", "signature_count": 9}]
    assert attributes["signatures_by_constituency"] == [
        {"name": "Bury North", "ons_code": make.BURY_NORTH, "mp": "Harriet Vale", "signature_count": 5}
    ]


async def test_the_list_goes_a_page_at_a_time(client: httpx.AsyncClient) -> None:
    for n in range(7):
        await make.campaign(title=f"Light {n}")
    first = await json(client, "/petitions.json?count=3")
    assert [len(first["data"]), first["links"]["prev"]] == [3, None]
    seen = [one["id"] for one in first["data"]]
    following = first["links"]["next"]
    while following:
        page = await json(client, following.removeprefix("http://test.example.org"))
        seen += [one["id"] for one in page["data"]]
        following = page["links"]["next"]
    assert sorted(seen) == list(range(1, 8))
    assert first["data"][0]["links"]["self"].endswith(".json")
    found = await json(client, "/campaigns.json?q=light+4")
    assert [one["attributes"]["action"] for one in found["data"]] == ["Light 4"]


@pytest.mark.parametrize(
    "asked", ["page=0", "page=-1", "page=x", "page=²", "count=0", "count=9999", "page=" + "9" * 30]
)
async def test_odd_pages_are_answered(client: httpx.AsyncClient, asked: str) -> None:
    await make.campaign()
    await json(client, f"/petitions.json?{asked}")


async def test_trending_counts_the_last_hour(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(title="A light", signature_count=1_000)
    await front_door.counted(client, campaign)
    (one,) = (await json(client, "/trending.json"))["data"]
    assert one["attributes"] == {"action": "A light", "signature_count": 1}


@pytest.mark.parametrize("name", ["nothing", "0", "99999", "²", "1" * 30, "1234567890123"])
async def test_what_is_not_there_is_404_in_json(client: httpx.AsyncClient, name: str) -> None:
    for path in (f"/petitions/{name}.json", f"/petitions/{name}/count.json", f"/campaigns/{name}/count.json"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.json()["status"] == 404
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_no_names_are_in_any_of_it(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    await front_door.counted(client, campaign, shows_name="yes", words="It is dark.")
    for path in ("/campaigns/light.json", "/petitions.json", "/trending.json", "/campaigns/light/count.json"):
        answer = await client.get(path)
        assert "Amina" not in answer.text
        assert "amina" not in answer.text
