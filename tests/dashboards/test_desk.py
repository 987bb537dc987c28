"""The campaigner's desk: the campaigns, their figures, and who may see names and words."""

from datetime import UTC, datetime

import httpx

import make
from correspondence.came_back import held, reply
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.signatures.tables import Tally, hour_of
from undersigned.staff import members


async def test_the_campaigns_with_their_counts(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(title="A light", slug="light", signature_count=4183)
    await Tally(campaign=campaign.id, kind="confirmed", key=hour_of(datetime.now(UTC)), total=17).save()
    await make.letter(campaign=campaign)
    page = await client.get("/staff")
    assert "A light" in page.text and "4,183" in page.text and "+17" in page.text
    assert "Rehearsal." in page.text


async def test_a_campaign_with_everything_and_with_nothing(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light", signature_count=6)
    await make.chapter(campaign, name="Bury, too")
    await Tally(campaign=campaign.id, kind="constituency", key=make.BURY_NORTH, total=6).save()
    letter = await make.letter(campaign=campaign, own_share=64)
    await reply(letter.id)
    page = (await client.get("/staff/campaigns/light")).text
    for words in ("/campaigns/light/count.json", "Bury North", "Bury, too", "64%", "A reply", "Answers"):
        assert words in page, words
    assert f"/staff/letters/{letter.id}" in page
    await make.campaign(slug="draft", state="draft")
    empty = await client.get("/staff/campaigns/draft")
    assert empty.status_code == 200 and "Nobody has written a letter yet." in empty.text
    assert (await client.get("/staff/campaigns/nothing")).status_code == 404


async def test_an_answer_that_was_asked_for_in_private_is_counted_and_not_read(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(reply_to="me")
    await reply(letter.id)
    campaign = await Campaign.objects().where(Campaign.id == letter.campaign).first()
    assert campaign is not None
    for path in (f"/staff/letters/{letter.id}", f"/staff/campaigns/{campaign.slug}"):
        page = (await client.get(path)).text
        assert "Harriet Vale" in page, path
        assert "I agree about the light." not in page, path


async def test_a_viewer_sees_figures_and_neither_names_nor_words(client: httpx.AsyncClient) -> None:
    await sign_in(client, role="viewer")
    campaign = await make.campaign(slug="light")
    letter, mail = await make.letter(campaign=campaign), await held()
    await reply(letter.id)
    page = (await client.get("/staff/campaigns/light")).text
    assert "Answers" in page
    for words in ("Harriet Vale", "I agree about the light.", letter.name, "/staff/letters", "/staff/held"):
        assert words not in page, words
    for path in ("/staff/letters", f"/staff/letters/{letter.id}", "/staff/held", f"/staff/held/{mail.id}"):
        assert (await client.get(path)).status_code == 403, path


async def test_whoever_registered_an_interest_is_shown_to_those_who_may_read(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await db.execute(
        """INSERT INTO interest (campaign, name, email, email_key, region, wording, created_at)
           VALUES ($1, 'Amina Rahman', 'amina@example.org', 'amina@example.org', 'North West', '', now())""",
        campaign.id,
    )
    await sign_in(client)
    assert "amina@example.org" in (await client.get(f"/staff/campaigns/{campaign.slug}")).text
    await client.post("/staff/sign-out", data={"form_token": await token(client)})
    await db.execute("UPDATE staff SET role = 'viewer'")
    owen = await db.fetch_one("SELECT email FROM staff")
    assert owen is not None
    link = (await members.invite(owen["email"])).link
    await client.post(link.removeprefix("http://test.example.org"))
    assert "amina@example.org" not in (await client.get(f"/staff/campaigns/{campaign.slug}")).text
