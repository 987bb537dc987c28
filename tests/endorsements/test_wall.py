"""The wall of all who stand with a campaign works at none, at three and at three hundred."""

import httpx
import pytest

import make
from endorsements import sending
from undersigned.campaigns.tables import Campaign
from undersigned.endorsements.tables import Endorsement
from undersigned.kit import database as db


async def filled(many: int, **wanted: object) -> Campaign:
    campaign = await make.campaign(slug="light")
    for number in range(1, many + 1):
        told = {"name": f"Person {number}", "role": f"Role {number}", "position": number} | wanted
        await Endorsement(campaign=campaign.id, **told).save()
    return campaign


async def test_with_nobody_on_it_it_asks_for_the_first(client: httpx.AsyncClient) -> None:
    campaign = await filled(0)
    page = await sending.wall(client, campaign)
    assert "Nobody has endorsed this by name yet. You can be the first." in page and 'type="search"' not in page
    assert "Stand with us by name" in (await client.get("/campaigns/light")).text
    await db.execute("UPDATE campaign SET state = 'closed'")
    assert "You can be the first" not in await sending.wall(client, campaign)
    assert "Stand with us" not in (await client.get("/campaigns/light")).text


async def test_three_stand_in_one_column_and_are_all_on_the_campaigns_page(client: httpx.AsyncClient) -> None:
    campaign = await filled(3)
    page = await sending.wall(client, campaign)
    assert "signatories--wall" not in page and 'type="search"' not in page and "page=2" not in page
    front = (await client.get("/campaigns/light")).text
    assert sending.names(front) == ["Person 1", "Person 2", "Person 3"] and "See all" not in front


async def test_what_is_pinned_comes_first_with_words_or_without(client: httpx.AsyncClient) -> None:
    campaign = await filled(3, quote="It is dark there.")
    await Endorsement(campaign=campaign.id, name="The Choir", position=9, pinned=True).save()
    for page in ((await client.get("/campaigns/light")).text, await sending.wall(client, campaign)):
        assert sending.names(page) == ["The Choir", "Person 1", "Person 2", "Person 3"]


async def test_of_three_hundred_the_page_shows_six_and_the_wall_sixty_at_a_time(client: httpx.AsyncClient) -> None:
    campaign = await filled(300)
    front = (await client.get("/campaigns/light")).text
    assert sending.names(front) == [f"Person {n}" for n in range(1, 7)] and "See all 300" in front
    seen: list[str] = []
    for number in range(1, 6):
        page = await sending.wall(client, campaign, f"?page={number}")
        seen += sending.names(page)
        assert (f'page={number + 1}"' in page) == (number < 5)
    assert seen == [f"Person {n}" for n in range(1, 301)]
    assert sending.names(await sending.wall(client, campaign, "?page=99")) == seen[-60:]


async def test_it_can_be_searched_by_name_role_organisation_and_words(client: httpx.AsyncClient) -> None:
    campaign = await filled(20)
    await Endorsement(campaign=campaign.id, name="Zoë", organisation="100% Café", quote="Under_scored").save()
    for words in ("zoë", "100%25", "café", "under_s"):
        assert sending.names(await sending.wall(client, campaign, f"?q={words}")) == ["Zoë"], words
    found = await sending.wall(client, campaign, "?q=role 1")
    assert "11 with “role 1”" in found and 'name="robots" content="noindex"' in found
    none = await sending.wall(client, campaign, "?q=<zeppelin>")
    assert "Nobody here has “&lt;zeppelin&gt;”" in none and "See everybody" in none


async def test_it_is_the_same_for_everybody_and_sets_no_cookie(client: httpx.AsyncClient) -> None:
    await filled(3)
    page = await client.get("/campaigns/light/endorsements")
    assert "public" in page.headers["cache-control"] and "set-cookie" not in page.headers
    again = await client.get("/campaigns/light/endorsements", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["?page=-1", "?page=0", "?page=9999999", "?q=%00", "?q=" + "x" * 500])
async def test_nonsense_does_not_break_it(client: httpx.AsyncClient, query: str) -> None:
    await filled(3)
    assert (await client.get(f"/campaigns/light/endorsements{query}")).status_code in {200, 404}


async def test_what_somebody_wrote_cannot_harm_and_runs_in_its_own_direction(client: httpx.AsyncClient) -> None:
    campaign = await filled(1, name="<b>Amina", quote="نحن معكم <script>alert(1)</script>")
    page = await sending.wall(client, campaign)
    assert "<b>Amina" not in page and "<script>alert" not in page
    assert '<blockquote class="signatory__quote" dir="auto">“نحن معكم' in page
