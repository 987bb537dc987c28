"""What staff have listed: some are always let in, some never, and neither is told."""

import httpx
import pytest

import front_door
import make
from signatures import guarded
from undersigned.kit import limits
from undersigned.signatures import bursts

pytestmark = pytest.mark.usefixtures("behind_a_proxy")
HOME = "203.0.113.7"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ip", HOME),
        ("ip", "203.0.113.0/24"),
        ("domain", "post.doorstep-firm.co.uk"),
        ("domain", "*.doorstep-firm.co.uk"),
        ("domain", "*.co.uk"),
        ("email", "amina@post.doorstep-firm.co.uk"),
    ],
)
async def test_who_is_blocked_is_not_counted_and_sees_what_everybody_sees(
    client: httpx.AsyncClient, kind: str, value: str
) -> None:
    campaign = await make.campaign()
    await guarded.listed(kind, value, "block")
    answer = await guarded.sign(client, campaign, HOME, email="amina+x@post.doorstep-firm.co.uk")
    other = await guarded.sign(client, campaign, "198.51.100.1", email="owen@example.org")
    assert (answer.status_code, answer.headers, answer.content) == (303, other.headers, other.content)
    assert await guarded.became() == {"blocked": 1, "": 1}
    page = await front_door.confirm(client, "amina+x@post.doorstep-firm.co.uk")
    assert "You are number 1" in page.text
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 0


async def test_blocking_one_mailbox_leaves_its_neighbours_at_that_domain_alone(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await guarded.listed("email", "amina@doorstep-firm.co.uk", "block")
    for email in ("amina+again@doorstep-firm.co.uk", "owen@doorstep-firm.co.uk"):
        await guarded.sign(client, campaign, HOME, email=email)
        await front_door.confirm(client, email)
    assert await guarded.became() == {"blocked": 1, "": 1}
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1


async def test_ipv6_is_blocked_by_its_network_in_any_spelling(client: httpx.AsyncClient) -> None:
    await guarded.listed("ip", "2001:db8:0:7::/64", "block")
    campaign = await make.campaign()
    await guarded.sign(client, campaign, "2001:0DB8:0000:0007::00ff", email="amina@example.org")
    await guarded.sign(client, campaign, "2001:db8:0:8::ff", email="owen@example.org")
    assert (await guarded.signed("amina@example.org"))["discounted_why"] == "blocked"
    assert (await guarded.signed("owen@example.org"))["discounted_why"] == ""


async def test_a_domain_is_blocked_by_its_alias_or_by_its_first_name(client: httpx.AsyncClient) -> None:
    campaign, other = await make.campaign(), await make.campaign()
    await guarded.listed("domain", "pm.me", "block", campaign)
    await guarded.listed("domain", "proton.me", "block", other)
    for where in (campaign, other):
        await guarded.sign(client, where, HOME, email="amina@pm.me")
    assert await guarded.became() == {"blocked": 2}


async def test_a_block_in_one_campaign_is_none_in_another(client: httpx.AsyncClient) -> None:
    campaign, other = await make.campaign(), await make.campaign()
    await guarded.listed("ip", HOME, "block", campaign)
    for where in (campaign, other):
        await guarded.sign(client, where, HOME)
    assert await guarded.became() == {"blocked": 1, "": 1}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("ip", HOME), ("domain", "doorstep-firm.co.uk"), ("email", "amina@doorstep-firm.co.uk")],
)
async def test_who_is_allowed_is_counted_in_the_middle_of_a_burst(
    client: httpx.AsyncClient, kind: str, value: str
) -> None:
    campaign = await make.campaign()
    full = [
        limits.Bucket("burst-ip", f"{campaign.id}:{HOME}/32", *bursts.ADDRESS[1:]),
        limits.Bucket("burst-domain", f"{campaign.id}:doorstep-firm.co.uk", *bursts.DOMAIN[1:]),
    ]
    await limits.take([[bucket] for bucket in full] * 100)
    await guarded.listed(kind, value, "allow")
    await guarded.sign(client, campaign, HOME, email="amina@doorstep-firm.co.uk")
    await guarded.sign(client, campaign, HOME, email="owen@bury-firm.co.uk")
    assert (await guarded.signed("amina@doorstep-firm.co.uk"))["discounted_why"] == ""
    stopped = (await guarded.signed("owen@bury-firm.co.uk"))["discounted_why"]
    assert stopped == ("" if kind == "ip" else "burst-ip")


async def test_a_block_beats_everything_that_allows(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await guarded.listed("domain", "*.co.uk", "block")
    await guarded.listed("domain", "doorstep-firm.co.uk", "allow")
    await guarded.listed("ip", HOME, "allow", campaign)
    await guarded.listed("email", "amina@doorstep-firm.co.uk", "allow", campaign)
    await guarded.sign(client, campaign, HOME, email="amina@doorstep-firm.co.uk")
    assert await guarded.became() == {"blocked": 1}
