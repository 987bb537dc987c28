"""A campaign changes its letter while somebody is writing: not a word of theirs is lost."""

import httpx
import pytest

import front_door
from editing import desk
from letters.sheets import ALL, area, blocks, kept, the_letter
from staff.visits import sign_in
from undersigned.campaigns.tables import Campaign

MINE = "Nobody official knows of it, and I should like that to be otherwise."
HOPE = "I hope for a light at the stop."
WRITE = "/campaigns/light/write"
RENAMED = [('name = "hope"', 'name = "wish"'), ("## reporting", "## numbers\n\nThree numbers.\n\n## reports")]


async def change_letter(client: httpx.AsyncClient) -> None:
    """Owen renames a question and a paragraph, and adds another."""
    await sign_in(client)
    fields = await desk.opened(client)
    for old, new in RENAMED:
        assert old in fields["source"]
        fields["source"] = fields["source"].replace(old, new).replace("\nreporting = ", "\nreports = ")
    assert (await desk.press(client, fields)).status_code == 303


@pytest.fixture
async def begun(client: httpx.AsyncClient, campaign: Campaign) -> dict[str, str]:
    """What Amina has typed, as her browser would send it."""
    page = await client.post(WRITE, data={"stage": "postcode", "postcode": "BL9 0SW"})
    was = {"was_reporting": front_door.hidden(page, "was_reporting"), "order": " ".join(blocks(page))}
    return was | ALL | {"kept": "yes", "prompt_hope": HOPE, "edit_reporting": MINE}


def before(page: httpx.Response) -> list[str]:
    """What stands in the fields for what was written before."""
    assert "What you wrote before" in page.text
    return [area(page, name) for name in ("prompt_hope", "prompt_paragraph-reporting")]


async def test_a_draft_keeps_the_words_for_what_is_gone_and_the_letter_has_them(
    client: httpx.AsyncClient, campaign: Campaign, begun: dict[str, str]
) -> None:
    saved = (await client.post(WRITE, data=front_door.writing(**begun) | {"stage": "keep"})).json()
    await change_letter(client)
    page = await client.get(f"{WRITE}?letter={saved['letter']}")
    assert before(page) == [HOPE, MINE]
    assert area(page, "prompt_why") == front_door.OWN_WORDS and area(page, "prompt_wish") == ""
    assert kept(page, "numbers"), "a new paragraph is kept, as all are at first"
    shown = {name: area(page, name) for name in ("prompt_hope", "prompt_paragraph-reporting")}
    review = await front_door.write(client, campaign, **ALL, **shown, kept="yes", letter=saved["letter"])
    assert HOPE in review.text and MINE in review.text
    parts = (await the_letter()).parts
    assert [part["own"] for part in parts if part["text"] in {HOPE, MINE}] == [True, True]
    back = await client.post(WRITE, data={"press": "edit", "token": front_door.hidden(review, "token")})
    assert before(back) == [HOPE, MINE]


async def test_a_page_that_was_open_meanwhile_loses_nothing_either(
    client: httpx.AsyncClient, campaign: Campaign, begun: dict[str, str]
) -> None:
    await change_letter(client)
    review = await front_door.write(client, campaign, **begun)
    assert HOPE in review.text and MINE in review.text
    link = front_door.hidden(review, "token")
    assert before(await client.post(WRITE, data={"press": "edit", "token": link})) == [HOPE, MINE]


async def test_what_the_writer_takes_out_is_gone(
    client: httpx.AsyncClient, campaign: Campaign, begun: dict[str, str]
) -> None:
    saved = (await client.post(WRITE, data=front_door.writing(**begun) | {"stage": "keep"})).json()
    await change_letter(client)
    emptied = {"prompt_hope": "", "prompt_paragraph-reporting": " ", "letter": saved["letter"], "kept": "yes"}
    review = await front_door.write(client, campaign, **ALL, **emptied)
    assert HOPE not in review.text and MINE not in review.text
    page = await client.get(f"{WRITE}?letter={saved['letter']}")
    assert "What you wrote before" not in page.text


async def test_a_paragraph_nobody_touched_is_no_word_of_theirs(
    client: httpx.AsyncClient, campaign: Campaign, begun: dict[str, str]
) -> None:
    page = await client.post(WRITE, data={"stage": "postcode", "postcode": "BL9 0SW"})
    untouched = area(page, "edit_reporting")
    await change_letter(client)
    review = await front_door.write(client, campaign, **(begun | {"edit_reporting": untouched, "prompt_hope": ""}))
    token = front_door.hidden(review, "token")
    back = await client.post(WRITE, data={"press": "edit", "token": token})
    assert "What you wrote before" not in back.text
