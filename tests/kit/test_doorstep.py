"""What is the same for everybody is made once for a crowd; what is one person's is made for them alone."""

from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx
import pytest

import make
from undersigned.app import app as rooms
from undersigned.kit import doorstep
from undersigned.kit.doorstep import Doorstep, Receive, Send

FOR_EVERYBODY = "public, max-age=1, stale-while-revalidate=2, stale-if-error=5"


class House:
    """Answers every request with how many it has been asked, under the headers that the test gives it."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        self.padding = ""
        self.headers = {"cache-control": FOR_EVERYBODY, "etag": '"first"', "content-type": "text/plain"}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self.asked += 1
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = self.padding + str(self.asked)
        await send({"type": "http.response.body", "body": body.encode(), "more_body": False})


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Doorstep(house))
    async with httpx.AsyncClient(transport=transport, base_url="http://test.example.org") as visitor:
        yield visitor


async def test_a_crowd_is_handed_one_answer_for_a_moment_and_then_a_new_one(
    house: House, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorstep, "SECONDS", 60)
    assert [(await visitor.get("/a")).text for _ in range(3)] == ["1", "1", "1"]
    assert (await visitor.get("/a?s=qr")).text == "2"
    monkeypatch.setattr(doorstep, "SECONDS", 0)
    assert [(await visitor.get("/b")).text for _ in range(2)] == ["3", "4"]


async def test_who_already_has_it_is_told_so_and_who_has_something_else_is_answered_afresh(
    house: House, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorstep, "SECONDS", 60)
    await visitor.get("/a")
    told = await visitor.get("/a", headers={"if-none-match": '"first"'})
    assert (told.status_code, told.content, told.headers["cache-control"]) == (304, b"", FOR_EVERYBODY)
    assert (await visitor.get("/a", headers={"if-none-match": '"other", "first"'})).text == "2"
    assert house.asked == 2


@pytest.mark.parametrize("campaign_page", ["/campaigns/light", "/campaigns/light/count.json", "/"])
async def test_pages_and_counts_of_campaigns_are_kept_so(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, campaign_page: str
) -> None:
    await make.campaign(slug="light")
    asked = []

    async def counting(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await rooms(scope, receive, send)  # type: ignore[arg-type]

    monkeypatch.setattr(doorstep, "SECONDS", 60)
    transport = httpx.ASGITransport(app=Doorstep(counting))
    async with httpx.AsyncClient(transport=transport, base_url="http://test.example.org") as visitor:
        first, second = await visitor.get(campaign_page), await visitor.get(campaign_page)
    assert first.status_code == 200
    assert first.content == second.content
    assert asked == [campaign_page]


async def test_what_is_long_is_compressed_for_those_who_can_read_it_so(
    house: House, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorstep, "SECONDS", 60)
    house.padding = "We, the undersigned. " * 1_000
    for _ in range(2):
        packed = await visitor.get("/a", headers={"accept-encoding": "br, GZIP;q=0.5"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"] == "accept-encoding"
        assert packed.num_bytes_downloaded < 1_000
        for accepted in ("identity", "gzip;q=0", "gzip; q=0.000"):
            plain = await visitor.get("/a", headers={"accept-encoding": accepted})
            assert "content-encoding" not in plain.headers
            assert plain.text == packed.text == house.padding + "1"
    told = await visitor.get("/a", headers={"if-none-match": packed.headers["etag"]})
    assert (told.status_code, told.content) == (304, b"")
    house.padding = ""
    assert "content-encoding" not in (await visitor.get("/b")).headers


@pytest.mark.parametrize(
    ("name", "value"),
    [("cache-control", "no-store"), ("cache-control", "public, max-age=3600"), ("set-cookie", "session=amina")],
)
async def test_what_is_one_persons_or_kept_by_others_for_long_is_never_kept_here(
    house: House, visitor: httpx.AsyncClient, name: str, value: str
) -> None:
    house.headers[name] = value
    assert [(await visitor.get("/a")).text for _ in range(2)] == ["1", "2"]


async def test_only_what_was_found_is_kept_and_only_for_those_who_read(
    house: House, visitor: httpx.AsyncClient
) -> None:
    house.status = 404
    assert [(await visitor.get("/a")).text for _ in range(2)] == ["1", "2"]
    house.status = 200
    assert [(await visitor.post("/a")).text for _ in range(2)] == ["3", "4"]


async def test_a_stranger_who_makes_up_addresses_fills_no_memory(house: House) -> None:
    front = Doorstep(house)
    transport = httpx.ASGITransport(app=front)
    async with httpx.AsyncClient(transport=transport, base_url="http://test.example.org") as stranger:
        for number in range(2 * doorstep.MOST + 1):
            await stranger.get(f"/a?{number}")
    assert len(front._kept) <= doorstep.MOST
