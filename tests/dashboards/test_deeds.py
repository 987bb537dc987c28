"""What can be done with a campaign, on its page at the desk."""

import re

import httpx

import make
from staff.visits import sign_in
from undersigned.kit import database as db

HERE = "/staff/campaigns/light"


async def deeds(client: httpx.AsyncClient) -> dict[str, str]:
    """Each deed by its name, with its state; a star stands before what wants somebody."""
    page = (await client.get(HERE)).text
    found = re.findall(
        r'<li( class="deeds__wanted")?><a href="[^"]+">([^<]+)</a> <span>(?:<strong>)?([^<]+)<', page
    )
    return {name: f"{'*' if wanted else ''}{state}" for wanted, name, state in found}


async def test_one_list_says_what_can_be_done_and_marks_what_wants_somebody(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    await sign_in(client)
    calm = await deeds(client)
    signing = [
        "Signing",
        "News",
        "Own words",
        "Endorsements",
        "The guard",
        "Names on paper",
        "Look into the count",
    ]
    assert list(calm) == [
        *signing,
        "Gatherings",
        "Reporting centres",
        "Replies",
        "Where MPs stand",
        "How letters go",
        "Letters for paper",
        "Its letter",
    ]
    assert not [state for state in calm.values() if state.startswith("*")]
    await db.execute("UPDATE campaign SET paused_at = now(), guard = 'raised'")
    wanted = await deeds(client)
    assert (wanted["Signing"], wanted["The guard"]) == ("*Signing is paused", "*Raised")


async def test_a_role_is_offered_only_what_it_may_do(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    await sign_in(client, role="viewer")
    assert list(await deeds(client)) == ["Its letter"]
