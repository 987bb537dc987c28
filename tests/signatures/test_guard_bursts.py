"""A burst from one place is written and not counted, in silence; a crowd is counted to the last."""

import httpx
import pytest

import front_door
import make
import outages
import work
from signatures import guarded
from undersigned.kit import limits
from undersigned.signatures import bursts

pytestmark = pytest.mark.usefixtures("behind_a_proxy")


async def test_a_burst_from_one_address_is_not_counted_and_looks_as_if_it_were(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    answers = await guarded.crowd(client, campaign, 105)
    assert len({(answer.status_code, str(answer.headers), answer.content) for answer in answers}) == 1
    assert await guarded.became() == {"": 100, "burst-ip": 5}
    await work.settle()
    assert len(work.inbox()) == 105
    stopped = await front_door.row("SELECT email FROM signature WHERE discounted_at IS NOT NULL LIMIT 1")
    assert "You are number 1" in (await front_door.confirm(client, stopped["email"])).text
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 0


async def test_a_neighbour_and_another_campaign_are_not_touched_by_a_burst(client: httpx.AsyncClient) -> None:
    campaign, other = await make.campaign(), await make.campaign()
    await guarded.crowd(client, campaign, 103)
    await guarded.sign(client, campaign, "203.0.113.8", email="owen@gmail.com")
    await guarded.sign(client, other, "203.0.113.7", email="harriet@gmail.com")
    assert await guarded.became() == {"": 102, "burst-ip": 3}


async def test_all_of_a_household_s_ipv6_is_one_address(client: httpx.AsyncClient) -> None:
    await guarded.crowd(client, await make.campaign(), 103, ip="2001:db8:0:7::{:x}")
    assert await guarded.became() == {"": 100, "burst-ip": 3}


async def test_a_network_of_many_addresses_has_its_own_larger_measure(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await guarded.crowd(client, campaign, 150, ip="203.0.113.{}")
    assert await guarded.became() == {"": 150}
    full = limits.Bucket("burst-block", f"{campaign.id}:203.0.113.0/24", *bursts.BLOCK[1:])
    await limits.take([[full]] * bursts.BLOCK[1])
    await guarded.sign(client, campaign, "203.0.113.200", email="owen@gmail.com")
    await guarded.sign(client, campaign, "203.0.114.200", email="harriet@gmail.com")
    assert (await guarded.signed("owen@gmail.com"))["discounted_why"] == "burst-block"
    assert (await guarded.signed("harriet@gmail.com"))["discounted_why"] == ""


async def test_a_burst_from_one_domain_and_all_that_is_below_it_is_not_counted(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await guarded.crowd(client, campaign, 104, ip="203.0.113.{}", email="amina@s{}.doorstep-firm.co.uk")
    await guarded.sign(client, campaign, "203.0.113.7", email="owen@bury-firm.co.uk")
    assert await guarded.became() == {"": 101, "burst-domain": 4}


@pytest.mark.parametrize(
    "email", ["s{}@gmail.com", "s{}@btinternet.com", "s{}@example.org", "s{0}@home{0}.plus.com"]
)
async def test_a_crowd_from_a_domain_that_everybody_shares_counts(client: httpx.AsyncClient, email: str) -> None:
    await guarded.crowd(client, await make.campaign(), 150, ip="203.0.113.{}", email=email)
    assert await guarded.became() == {"": 150}


async def test_a_campaign_that_goes_round_the_country_in_a_minute_is_counted_whole(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    for town in range(4):
        await guarded.crowd(client, campaign, 250, ip=f"203.0.{town}.{{}}", email=f"s{{}}.{town}@hotmail.co.uk")
    assert await guarded.became() == {"": 1_000}


async def test_an_address_of_our_own_network_is_a_proxy_and_says_nothing(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    for ip in ("10.0.0.2", "192.168.1.9"):
        await guarded.crowd(client, campaign, 120, ip=ip, email=f"s{{}}.{ip}@live.co.uk")
    assert await guarded.became() == {"": 240}


async def test_a_program_on_this_machine_may_sign_as_often_as_it_likes(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    for n in range(150):
        await front_door.sign(client, campaign, email=f"s{n}@doorstep-firm.co.uk", name=f"Person {n}x")
    assert await guarded.became() == {"": 150}


async def test_without_redis_everybody_counts(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    with outages.redis_away():
        await guarded.crowd(client, campaign, 110)
    assert await guarded.became() == {"": 110}
