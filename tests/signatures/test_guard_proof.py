"""While the guard is raised a browser proves that it worked a little; without proof signing works all the same."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from altcha import v1 as altcha

import front_door
import make
import outages
from signatures import guarded
from undersigned.campaigns.tables import Campaign
from undersigned.kit import limits
from undersigned.signatures import bursts, proofs

pytestmark = pytest.mark.usefixtures("behind_a_proxy")
HOME = "203.0.113.7"


async def raised() -> Campaign:
    """A campaign whose guard is up."""
    return await make.campaign(guard="raised")


async def solved(client: httpx.AsyncClient, campaign: Campaign, **changed: Any) -> str:
    """A challenge, worked out as a browser does, with something ``changed``."""
    asked = (await client.get(f"/campaigns/{campaign.slug}/challenge.json")).json()
    found = altcha.solve_challenge(asked["challenge"], asked["salt"], asked["algorithm"], asked["maxnumber"])
    assert found is not None
    answer = {**asked, "number": found.number} | changed
    return base64.b64encode(json.dumps(answer).encode()).decode()


async def test_nothing_of_it_is_seen_while_the_guard_is_normal(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    for page in ("", "/sign"):
        assert 'name="proof"' not in (await client.get(f"/campaigns/{campaign.slug}{page}")).text
    answer = await client.get(f"/campaigns/{campaign.slug}/challenge.json")
    assert answer.status_code == 404 and "asks for no proof" in answer.json()["error"]
    await guarded.sign(client, campaign, HOME, proof="nonsense")
    assert (await guarded.signed("amina@example.org"))["flags"] == ""


async def test_a_challenge_is_fresh_for_everybody_and_kept_by_nobody(client: httpx.AsyncClient) -> None:
    campaign = await raised()
    assert (
        f'data-proof="/campaigns/{campaign.slug}/challenge.json"'
        in (await client.get(f"/campaigns/{campaign.slug}")).text
    )
    answers = [await client.get(f"/campaigns/{campaign.slug}/challenge.json") for _ in range(2)]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    one, other = (answer.json() for answer in answers)
    assert set(one) == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert one["algorithm"] == "SHA-256" and one["salt"] != other["salt"]


async def test_with_proof_a_signature_has_nothing_to_look_at(client: httpx.AsyncClient) -> None:
    campaign = await raised()
    await guarded.sign(client, campaign, HOME, proof=await solved(client, campaign))
    assert (await guarded.signed("amina@example.org"))["flags"] == ""


async def test_without_proof_a_signature_is_looked_at_twice_and_counted_once_confirmed(
    client: httpx.AsyncClient,
) -> None:
    campaign = await raised()
    assert (await guarded.sign(client, campaign, HOME)).status_code == 303
    assert (await guarded.signed("amina@example.org"))["flags"] == "no-proof"
    assert "You are number 1" in (await front_door.confirm(client)).text
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1


async def test_a_proof_is_spent_on_the_first_who_brings_it(client: httpx.AsyncClient) -> None:
    campaign = await raised()
    proof = await solved(client, campaign)
    for email in ("amina@example.org", "amina@example.org", "owen@example.org"):
        await guarded.sign(client, campaign, HOME, email=email, proof=proof)
    assert (await guarded.signed("amina@example.org"))["flags"] == ""
    assert (await guarded.signed("owen@example.org"))["flags"] == "no-proof"


@pytest.mark.parametrize(
    "changed",
    [
        {"number": -1},
        {"number": "12"},
        {"signature": "0" * 64},
        {"algorithm": "SHA-1"},
        {"salt": None},
        {"salt": "0000?campaign=1&expires=9999999999&"},
        {"challenge": ["a"]},
    ],
    ids=str,
)
async def test_a_proof_that_is_not_right_is_none(client: httpx.AsyncClient, changed: dict[str, Any]) -> None:
    campaign = await raised()
    await guarded.sign(client, campaign, HOME, proof=await solved(client, campaign, **changed))
    assert (await guarded.signed("amina@example.org"))["flags"] == "no-proof"


@pytest.mark.parametrize("proof", ["nonsense", "bnVsbA==", "W10=", "e30=", "[" * 900, "é", "A" * 5_000])
async def test_a_proof_that_cannot_be_read_is_none_and_no_mistake(client: httpx.AsyncClient, proof: str) -> None:
    campaign = await raised()
    assert (await guarded.sign(client, campaign, HOME, proof=proof)).status_code == 303
    assert (await guarded.signed("amina@example.org"))["flags"] == "no-proof"


async def test_a_proof_of_another_campaign_or_of_yesterday_is_none(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, other = await raised(), await raised()
    await guarded.sign(client, campaign, HOME, proof=await solved(client, other))
    monkeypatch.setattr(proofs, "LASTS", timedelta(seconds=-1))
    late = await solved(client, campaign)
    monkeypatch.undo()
    await guarded.sign(client, campaign, HOME, proof=late, email="owen@example.org")
    assert (await guarded.signed("amina@example.org"))["flags"] == "no-proof"
    assert (await guarded.signed("owen@example.org"))["flags"] == "no-proof"


async def test_who_brings_no_proof_is_held_to_a_stricter_measure(client: httpx.AsyncClient) -> None:
    campaign = await raised()
    await guarded.crowd(client, campaign, 20)
    assert await guarded.became() == {"": 16, "burst-ip": 4}
    await guarded.sign(client, campaign, HOME, proof=await solved(client, campaign))
    assert (await guarded.signed("amina@example.org"))["discounted_why"] == ""


async def test_the_campaign_as_a_whole_takes_only_so_many_without_proof(client: httpx.AsyncClient) -> None:
    campaign = await raised()
    full = limits.Bucket("burst-campaign", f"{campaign.id}:everybody", *bursts.UNPROVEN[1:])
    await limits.take([[full]] * bursts.UNPROVEN[1])
    proof = await solved(client, campaign)
    await guarded.sign(client, campaign, HOME, proof=proof)
    await guarded.sign(client, campaign, "198.51.100.1", email="owen@example.org")
    assert (await guarded.signed("amina@example.org"))["discounted_why"] == ""
    assert (await guarded.signed("owen@example.org"))["discounted_why"] == "burst-campaign"


async def test_without_redis_a_right_proof_is_believed(client: httpx.AsyncClient) -> None:
    campaign = await raised()
    proof = await solved(client, campaign)
    with outages.redis_away():
        for n in range(2):
            await guarded.sign(client, campaign, HOME, email=f"s{n}@example.org", proof=proof)
    assert [(await guarded.signed(f"s{n}@example.org"))["flags"] for n in range(2)] == ["", ""]


async def test_who_puts_a_mistake_right_keeps_the_proof(client: httpx.AsyncClient) -> None:
    campaign = await raised()
    proof = await solved(client, campaign)
    again = await guarded.sign(client, campaign, HOME, postcode="nowhere", proof=proof)
    assert front_door.hidden(again, "proof") == proof
