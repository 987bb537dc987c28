"""Writing news at the desk: looked at first, on the page and in the feed at once, put right, taken back."""

import httpx
import pytest

import front_door
import make
import work
from news.readers import DESK, ask, counted
from staff.visits import token
from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign, Chapter, Update
from undersigned.front import routes as front
from undersigned.kit import database as db


async def typed(client: httpx.AsyncClient, **more: str) -> dict[str, str]:
    told = {"title": "The light is on", "body": "The council **has put** one up.", "act": "save"}
    return {"form_token": await token(client)} | told | more


async def public(client: httpx.AsyncClient, campaign: Campaign, path: str = "") -> str:
    front.shelf.forget()
    finding.shelf.forget()
    return (await client.get(f"/campaigns/{campaign.slug}{path}")).text


async def test_news_is_looked_at_before_it_is_published(client: httpx.AsyncClient, campaign: Campaign) -> None:
    before = await Update.count()
    looked = await client.post(f"{DESK}/new", data=await typed(client, act="look"))
    assert looked.status_code == 200 and "<strong>has put</strong>" in looked.text
    assert await Update.count() == before
    done = await client.post(f"{DESK}/new", data=await typed(client))
    assert done.status_code == 303
    assert "The light is on" in (await client.get(done.headers["location"])).text
    assert "The light is on" in await public(client, campaign)
    assert "The light is on" in await public(client, campaign, "/updates.atom")


async def test_what_is_wrong_is_put_right_and_the_audit_keeps_what_it_was(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await client.get(f"{DESK}/1/edit")
    assert "put a light at the stop" in page.text
    await client.post(f"{DESK}/1/edit", data=await typed(client, title="Two lights are on"))
    assert "Two lights are on" in await public(client, campaign)
    row = await front_door.row("SELECT before::text AS before FROM audit WHERE act = 'news put right'")
    assert "put a light at the stop" in row["before"]


async def test_news_that_nobody_was_mailed_can_be_taken_back_and_other_news_stays(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await client.post(f"{DESK}/new", data=await typed(client))
    await client.post(f"{DESK}/2/edit", data=await typed(client, act="back"))
    assert "The light is on" not in await public(client, campaign)
    await counted(client, campaign, "amina")
    await ask(client)
    await work.settle()
    refused = await client.post(f"{DESK}/1/edit", data=await typed(client, act="back"))
    assert refused.status_code == 422 and "so it stays" in refused.text
    assert "What you change here changes the page" in (await client.get(f"{DESK}/1/edit")).text
    assert len(await db.fetch('SELECT id FROM "update"')) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Give it a title."),
        ({"title": "x" * 161}, "Use at most 160 characters."),
        ({"body": ""}, "Write the news."),
        ({"chapter": "999"}, "Choose a chapter of this campaign."),
        ({"chapter": "one"}, "Choose a chapter."),
    ],
)
async def test_mistakes_are_said_and_nothing_is_lost(
    client: httpx.AsyncClient, campaign: Campaign, wrong: dict[str, str], sentence: str
) -> None:
    refused = await client.post(f"{DESK}/new", data=await typed(client, **wrong))
    assert refused.status_code == 422 and sentence in refused.text
    if "body" not in wrong:
        assert "The council **has put** one up." in refused.text


async def test_news_of_a_chapter_is_on_its_page(client: httpx.AsyncClient, campaign: Campaign) -> None:
    chapter = Chapter(campaign=campaign.id, slug="bury", name="Bury", area="Bury", introduction="Ours.")
    await chapter.save()
    await client.post(f"{DESK}/new", data=await typed(client, chapter=str(chapter.id)))
    assert "The light is on" in await public(client, campaign, "/in/bury")


async def test_the_news_of_another_campaign_is_not_here(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await make.campaign(slug="other")
    other = "/staff/campaigns/other/news/1/edit"
    assert (await client.get(other)).status_code == 404
    assert (await client.post(other, data=await typed(client))).status_code == 404


async def test_only_who_mails_news_writes_it(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await db.execute("UPDATE staff SET role = 'viewer'")
    for path in (f"{DESK}/new", f"{DESK}/1/edit"):
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=await typed(client))).status_code == 403
