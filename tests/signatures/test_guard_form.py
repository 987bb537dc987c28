"""What the form itself gives away: a field that nobody sees, the time it took, a mailbox that is thrown away."""

import time

import httpx
import pytest

import front_door
import make
from signatures import guarded
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.privacy import holdings

pytestmark = pytest.mark.usefixtures("behind_a_proxy")


async def started(client: httpx.AsyncClient, campaign: Campaign) -> str:
    """The moment sealed into the form of a page that is opened now."""
    return front_door.hidden(await client.get(f"/campaigns/{campaign.slug}"), "started")


async def test_who_fills_in_the_trap_is_not_counted_and_is_not_told(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    program = await guarded.sign(client, campaign, "203.0.113.7", website="https://spam.example")
    person = await guarded.sign(client, campaign, "203.0.113.8", email="owen@example.org")
    assert (program.status_code, program.headers, program.content) == (303, person.headers, person.content)
    assert await guarded.became() == {"trap": 1, "": 1}


async def test_a_quick_form_is_looked_at_twice_and_counted_as_browsers_fill_in_forms(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    for n in range(2):
        quick = await started(client, campaign)
        await guarded.sign(client, campaign, "203.0.113.7", email=f"s{n}@example.org", started=quick)
    assert [(await guarded.signed(f"s{n}@example.org"))["flags"] for n in range(2)] == ["quick"] * 2
    assert await guarded.became() == {"": 2}


async def test_the_third_quick_form_from_one_address_is_not_counted_and_the_next_slow_one_is(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    quick, slow = await started(client, campaign), tokens.issue("form", int(time.time()) - 10)
    for n in range(4):
        await guarded.sign(client, campaign, "203.0.113.7", email=f"s{n}@example.org", started=quick)
    await guarded.sign(client, campaign, "203.0.113.8", email="owen@example.org", started=quick)
    await guarded.sign(client, campaign, "203.0.113.7", email="amina@example.org", started=slow)
    assert await guarded.became() == {"": 4, "quick": 2}
    assert (await guarded.signed("amina@example.org"))["flags"] == ""


async def test_quick_forms_through_a_proxy_that_nobody_named_all_count(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    quick = await started(client, campaign)
    for n in range(5):
        await front_door.sign(client, campaign, email=f"s{n}@example.org", started=quick)
    assert await guarded.became() == {"": 5}


@pytest.mark.parametrize("moment", [None, "", "nonsense", "A" * 32, "é" * 32])
async def test_a_form_of_another_program_without_the_moment_is_no_worse_for_it(
    client: httpx.AsyncClient, moment: str | None
) -> None:
    campaign = await make.campaign()
    typed = {} if moment is None else {"started": moment}
    for n in range(4):
        await guarded.sign(client, campaign, "203.0.113.7", email=f"s{n}@example.org", **typed)
    assert await guarded.became() == {"": 4}
    assert (await guarded.signed("s3@example.org"))["flags"] == ""


async def test_who_puts_a_mistake_right_has_had_the_form_since_it_was_first_shown(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    first = tokens.issue("form", int(time.time()) - 60)
    again = await guarded.sign(client, campaign, "203.0.113.7", postcode="nowhere", started=first)
    assert again.status_code == 422
    assert front_door.hidden(again, "started") == first


async def test_a_mailbox_that_is_thrown_away_is_looked_at_twice_and_counted(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    for email in ("amina@mailinator.com", "owen@post.mailinator.com", "harriet@example.org"):
        await guarded.sign(client, campaign, "203.0.113.7", email=email)
    assert await guarded.became() == {"": 3}
    assert (await guarded.signed("amina@mailinator.com"))["flags"] == "disposable"
    assert (await guarded.signed("owen@post.mailinator.com"))["flags"] == "disposable"
    assert (await guarded.signed("harriet@example.org"))["flags"] == ""


async def test_a_fault_of_somebody_else_is_not_held_against_whoever_then_signs_for_themselves(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    await guarded.sign(client, campaign, "203.0.113.7", website="https://spam.example")
    await guarded.sign(client, campaign, "203.0.113.7", website="https://spam.example")
    assert await guarded.became() == {"trap": 1}
    await guarded.sign(client, campaign, "198.51.100.1")
    assert await guarded.became() == {"": 1}
    await front_door.confirm(client)
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1


async def test_what_staff_have_taken_out_stays_out_however_well_it_is_signed_again(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    await guarded.sign(client, campaign, "203.0.113.7")
    await db.execute("UPDATE signature SET discounted_at = now(), discounted_why = 'staff'")
    await guarded.sign(client, campaign, "203.0.113.7")
    assert await guarded.became() == {"staff": 1}


async def test_who_left_and_signs_again_is_judged_by_the_form_they_send_now(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await guarded.sign(client, campaign, "203.0.113.7")
    await front_door.confirm(client)
    await holdings.withdraw(1, "amina@example.org")
    await guarded.sign(client, campaign, "198.51.100.1", website="https://spam.example")
    again = await guarded.signed("amina@example.org")
    assert (again["discounted_why"], again["ip"]) == ("trap", "198.51.100.1")
    assert "You are number" in (await front_door.confirm(client)).text
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 0
    await holdings.withdraw(1, "amina@example.org")
    await guarded.sign(client, campaign, "203.0.113.7")
    await front_door.confirm(client)
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1
