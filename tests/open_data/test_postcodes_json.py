"""A postcode for other programs: the shape of postcodes.io, cacheable, and not without end."""

from pathlib import Path

import httpx
import pytest

import make
from undersigned.kit import database as db
from undersigned.open_data import postcodes
from undersigned.postcodes import index, packing
from undersigned.postcodes.index import Index
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import ENGLAND
from undersigned.settings import settings


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    postcodes.forget()


async def ask(client: httpx.AsyncClient, typed: str) -> httpx.Response:
    return await client.get(f"/api/postcodes/{typed}")


@pytest.mark.parametrize("typed", ["BL9 0SW", "bl90sw", "BL9%C2%A00SW"])
async def test_a_live_postcode_has_names_and_codes(client: httpx.AsyncClient, typed: str) -> None:
    await make.mp()
    answer = await ask(client, typed)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    assert told["status"] == 200
    result = told["result"]
    assert (result["postcode"], result["outcode"], result["incode"]) == ("BL9 0SW", "BL9", "0SW")
    assert (result["country"], result["parliamentary_constituency"]) == ("England", "Bury North")
    assert result["codes"]["parliamentary_constituency_2024"] == make.BURY_NORTH
    assert result["codes"]["country"] == "E92000001"


async def test_a_retired_postcode_is_404_and_says_that_it_was_retired(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retired, packer = Postcode("BL9", "0ZZ"), Packer()
    packer.add(retired.outward, retired.inward, packer.number(Spot(make.BURY_NORTH, ENGLAND, None)), True)
    packing.replace(tmp_path / "index", packer.pack("test", []))
    known = Index.open(tmp_path / "index")
    monkeypatch.setattr(index, "current", lambda: known)
    answer = await ask(client, str(retired))
    assert answer.status_code == 404
    assert answer.json()["terminated"] == {
        "postcode": str(retired),
        "year_terminated": None,
        "month_terminated": None,
        "longitude": None,
        "latitude": None,
    }


@pytest.mark.parametrize(
    ("typed", "error"),
    [("ZE3 9ZZ", "Postcode not found"), ("BL9", "Invalid postcode"), ("x" * 500, "Invalid postcode")],
)
async def test_what_is_not_known_is_404(client: httpx.AsyncClient, typed: str, error: str) -> None:
    answer = await ask(client, typed)
    assert answer.status_code == 404
    assert answer.json() == {"status": 404, "error": error}


async def test_the_database_is_asked_once_a_minute_and_not_once_a_postcode(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.mp()
    await ask(client, "BL9 0SW")
    asked = []
    monkeypatch.setattr(db, "fetch", lambda *_: asked.append(1))
    for _ in range(5):
        assert (await ask(client, "BL9 0SW")).status_code == 200
    assert asked == []


async def test_a_stranger_may_ask_thousands_of_times_and_is_then_told_to_wait(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postcodes, "KNOCK", 2)
    monkeypatch.setattr(postcodes, "KNOCKS", 3)
    monkeypatch.setattr(settings, "trusted_proxies", "127.0.0.1")
    near = {"x-forwarded-for": "203.0.113.9, 203.0.113.7"}
    statuses = [(await client.get("/api/postcodes/BL90SW", headers=near)).status_code for _ in range(8)]
    assert statuses == [200] * 6 + [429] * 2
    refused = await client.get("/api/postcodes/BL90SW", headers=near)
    assert refused.headers["retry-after"] == "5"
    assert refused.json()["status"] == 429
    other = await client.get("/api/postcodes/BL90SW", headers={"x-forwarded-for": "203.0.113.8"})
    assert other.status_code == 200
