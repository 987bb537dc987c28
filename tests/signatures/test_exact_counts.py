"""Exact under contention: many people, many processes, one campaign; and the totals always add up."""

from typing import Any

import httpx
import pytest

import make
from crowd import Crowd
from nodes import nodes
from signatures import many
from undersigned.kit import database as db
from undersigned.kit import tokens

PEOPLE = 400


async def sums(campaign_id: int) -> dict[str, int]:
    """Each kind of total, added up."""
    rows = await db.fetch(
        "SELECT kind, sum(total)::int AS n FROM tally WHERE campaign = $1 GROUP BY kind", campaign_id
    )
    return {row["kind"]: row["n"] for row in rows}


async def counted(campaign_id: int) -> dict[str, Any]:
    """The campaign's own count, and the numbers that were given out."""
    rows = await db.fetch(
        """SELECT c.signature_count, c.last_number, array_agg(s.number ORDER BY s.number) AS numbers
           FROM campaign c JOIN signature s ON s.campaign = c.id AND s.confirmed_at IS NOT NULL
           WHERE c.id = $1 GROUP BY c.id""",
        campaign_id,
    )
    return rows[0]


@pytest.mark.usefixtures("client")
async def test_four_hundred_people_at_three_processes_are_counted_once_each_and_told_their_own_number() -> None:
    campaign = await make.campaign(slug="light")
    chapter = await make.chapter(campaign)
    with nodes(3) as here:
        crowd = Crowd([node.base_url for node in here], "light")
        await crowd.sign(PEOPLE)
        assert (len(crowd.acknowledged), crowd.turned_away) == (PEOPLE, 0)
        await db.execute("UPDATE signature SET chapter = $1 WHERE id % 4 = 0", chapter.id)
        mailed = await many.links()
        await crowd.confirm(mailed)
        first = dict(crowd.numbers)
        await crowd.confirm(dict(list(mailed.items())[:50]))
    assert sorted(first.values()) == list(range(1, PEOPLE + 1))
    assert crowd.numbers == first
    assert await counted(campaign.id) == {
        "signature_count": PEOPLE,
        "last_number": PEOPLE,
        "numbers": list(range(1, PEOPLE + 1)),
    }
    everybody = dict.fromkeys(("created", "came", "confirmed", "source", "country", "constituency"), PEOPLE)
    assert await sums(campaign.id) == everybody | {"chapter": PEOPLE // 4}


@pytest.mark.usefixtures("client")
async def test_one_link_pressed_everywhere_at_once_counts_once() -> None:
    await make.campaign(slug="light")
    with nodes(2) as here:
        crowd = Crowd([node.base_url for node in here], "light")
        await crowd.sign(1)
        ((email, token),) = (await many.links()).items()
        await crowd.confirm({f"{email} {n}": token for n in range(60)})
    assert set(crowd.numbers.values()) == {1} and len(crowd.numbers) == 60
    assert (await sums(1))["confirmed"] == 1


async def test_the_hours_of_the_series_add_up_to_the_total(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    for n in range(6):
        await client.post(
            "/campaigns/light/sign", data=make.signing(email=f"p{n}@example.org", name=f"Person {'abcdef'[n]}")
        )
    mailed = list((await many.links()).values())
    for token in mailed[:4]:
        await client.post(f"/confirm/{token}")
    await client.post(f"/you/{tokens.issue('you', 1)}/withdraw", data={"signature": "1"})
    found = await sums(campaign.id)
    assert (found["created"], found["confirmed"]) == (6, 3)
    assert (
        found["confirmed"]
        == found["country"]
        == found["source"]
        == (await counted(campaign.id))["signature_count"]
    )
