"""What people wrote when they signed: twelve on the campaign's page, the rest on one of its own."""

import httpx

import front_door
import make
from undersigned.kit import database as db


async def wrote(client: httpx.AsyncClient, slug: str, many: int) -> None:
    """So many people whose words were read and passed."""
    campaign = await make.campaign(slug=slug)
    for number in range(many):
        await front_door.sign(
            client, campaign, name=f"Amina {chr(97 + number % 26)}b", email=f"a{number}@example.org",
            words=f"Words number {number}.", shows_name="yes",
        )  # fmt: skip
    await db.execute("UPDATE signature SET confirmed_at = now(), words_state = 'shown'")
    front_door.a_second_passes()


async def test_the_campaigns_page_shows_the_newest_twelve_and_says_where_the_rest_are(
    client: httpx.AsyncClient,
) -> None:
    await wrote(client, "light", 13)
    page = (await client.get("/campaigns/light")).text
    assert page.count('class="voice"') == 12
    assert page.index("Words number 12.") < page.index("Words number 1.")
    assert "Words number 0." not in page
    assert 'href="/campaigns/light/words"' in page


async def test_twelve_are_all_and_there_is_nothing_more_to_read(client: httpx.AsyncClient) -> None:
    await wrote(client, "light", 12)
    assert 'href="/campaigns/light/words"' not in (await client.get("/campaigns/light")).text


async def test_the_rest_is_25_a_page_and_a_page_too_far_is_not_there(client: httpx.AsyncClient) -> None:
    await wrote(client, "light", 26)
    first, second = [await client.get(f"/campaigns/light/words?page={page}") for page in (1, 2)]
    assert first.text.count('class="voice"') == 25 and "Older words" in first.text
    assert "Words number 0." in second.text and "Newer words" in second.text
    assert "public" in first.headers["cache-control"]
    assert (await client.get("/campaigns/light/words?page=3")).status_code == 404


async def test_without_words_the_page_says_so_and_how_to_add_some(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    page = await client.get("/campaigns/light/words")
    assert page.status_code == 200
    assert "Nobody’s words are shown here yet." in page.text
    assert (await client.get("/campaigns/nothing/words")).status_code == 404
    await make.campaign(slug="draft", state="draft")
    assert (await client.get("/campaigns/draft/words")).status_code == 404


async def test_the_form_says_exactly_what_is_shown(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    page = (await client.get("/campaigns/light/sign")).text
    assert "Your first name and your town, or your constituency where we cannot tell the town." in page


async def test_html_in_words_and_organisations_is_escaped(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    await front_door.counted(
        client, campaign, words="<b>Dark</b>", organisation="<i>Residents</i>", shows_name="yes"
    )
    await db.execute("UPDATE signature SET words_state = 'shown'")
    front_door.a_second_passes()
    page = (await client.get("/campaigns/light")).text
    assert "&lt;b&gt;Dark" in page and "&lt;i&gt;Residents" in page
    assert "<b>Dark" not in page and "<i>Residents" not in page
