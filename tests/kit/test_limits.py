"""How often one visitor may knock, and who they are."""

import asyncio

import httpx
import pytest
from litestar import Request

import make
import outages
from undersigned.kit import limits
from undersigned.settings import Settings, settings

pytestmark = pytest.mark.usefixtures("database")


async def test_a_bucket_lets_so_many_in_at_once_and_no_more() -> None:
    answers = await asyncio.gather(*(limits.may("knock", "192.0.2.1", size=5, per_hour=1) for _ in range(20)))
    assert sum(answers) == 5


async def test_everybody_has_a_bucket_of_their_own_for_each_thing() -> None:
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=1)
    assert not await limits.may("knock", "192.0.2.1", size=1, per_hour=1)
    assert await limits.may("knock", "192.0.2.2", size=1, per_hour=1)
    assert await limits.may("write", "192.0.2.1", size=1, per_hour=1)


async def test_it_fills_again_with_time() -> None:
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=36_000)
    assert not await limits.may("knock", "192.0.2.1", size=1, per_hour=36_000)
    await asyncio.sleep(0.15)
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=36_000)


async def test_without_redis_everybody_is_let_in() -> None:
    with outages.redis_away():
        assert all([await limits.may("knock", "192.0.2.1", size=1, per_hour=1) for _ in range(3)])
    assert await limits.may("knock", "192.0.2.1", size=1, per_hour=1)
    assert not await limits.may("knock", "192.0.2.1", size=1, per_hour=1)


def asked(host: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", said.encode()) for said in forwarded]
    return Request({"type": "http", "client": (host, 1) if host else None, "headers": headers})


def test_unless_a_proxy_is_named_nobody_may_say_who_they_are() -> None:
    assert limits.visitor(asked("127.0.0.1", "203.0.113.7")) == "127.0.0.1"
    assert limits.visitor(asked("192.0.2.8", "203.0.113.7")) == "192.0.2.8"
    assert limits.visitor(asked(None, "203.0.113.7")) == ""


def test_behind_our_proxies_a_visitor_is_the_last_whom_they_did_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "trusted_proxies", "127.0.0.1, 10.0.0.0/8, fd00::/8")
    assert limits.visitor(asked("127.0.0.1", "198.51.100.1, 203.0.113.7")) == "203.0.113.7"
    assert limits.visitor(asked("10.0.0.2", "198.51.100.1, 203.0.113.7, 10.9.9.9")) == "203.0.113.7"
    assert limits.visitor(asked("10.0.0.2", "198.51.100.1", "203.0.113.7")) == "203.0.113.7"
    assert limits.visitor(asked("::ffff:10.0.0.2", "2001:db8::7")) == "2001:db8::7"
    assert limits.visitor(asked("192.0.2.8", "203.0.113.7")) == "192.0.2.8"
    assert limits.visitor(asked("127.0.0.1", "nonsense")) == "127.0.0.1"
    assert limits.visitor(asked("127.0.0.1")) == "127.0.0.1"


def test_a_proxy_that_is_no_address_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies="caddy")


@pytest.mark.parametrize("path", ["/campaigns/light/write", "/campaigns/light/interest"])
async def test_too_many_tries_are_told_so_and_asked_to_wait(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await make.campaign(slug="light", interest={"regions": [], "wording": "We may write to you."})
    monkeypatch.setattr(settings, "trusted_proxies", "127.0.0.1")
    amina, owen = {"x-forwarded-for": "203.0.113.7"}, {"x-forwarded-for": "203.0.113.8"}
    for _ in range(60):
        await limits.may(path.rsplit("/", 1)[1], "203.0.113.7", size=60, per_hour=1)
    answer = await client.post(path, headers=amina)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many tries" in answer.text and "Wait a few minutes" in answer.text
    assert (await client.post(path, headers=owen)).status_code != 429


async def test_a_crowd_behind_a_proxy_that_nobody_named_is_not_stopped(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    for _ in range(60):
        await limits.may("sign", "127.0.0.1", size=60, per_hour=1)
    assert (await client.post("/campaigns/light/sign")).status_code == 422


async def test_asking_for_too_many_links_is_not_answered_as_if_one_were_sent(client: httpx.AsyncClient) -> None:
    answers = [await client.post("/confirm/nothing/again") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [404] * 5 + [429]


def buckets(*sizes: int) -> list[limits.Bucket]:
    return [limits.Bucket("knock", f"192.0.2.{n}", size, per_hour=1) for n, size in enumerate(sizes)]


async def test_many_turns_at_once_are_taken_one_after_the_other() -> None:
    few, many = buckets(2, 5)
    answers = await limits.take([[few, many]] * 3 + [[many]] * 4)
    assert answers == [None, None, few, None, None, None, many]


async def test_who_is_stopped_by_one_bucket_empties_no_other() -> None:
    none_left, full = buckets(1, 2)
    assert await limits.take([[none_left]]) == [None]
    assert await limits.take([[full, none_left]] * 20) == [none_left] * 20
    assert await limits.take([[full]] * 2) == [None, None]


async def test_a_turn_without_buckets_is_always_let_in() -> None:
    assert await limits.take([]) == []
    assert await limits.take([[], buckets(1), []]) == [None] * 3


async def test_a_program_on_this_machine_is_known_unless_it_asks_for_others() -> None:
    assert limits.is_at_home(asked("127.0.0.1")) and limits.is_at_home(asked("::ffff:127.0.0.1"))
    assert not limits.is_at_home(asked("127.0.0.1", "203.0.113.7"))
    assert not limits.is_at_home(asked("10.0.0.2")) and not limits.is_at_home(asked(None))
