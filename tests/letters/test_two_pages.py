"""One draft open twice: nothing is written over unseen, and no page is told off for its own saving."""

from typing import Any

import httpx
import pytest

import front_door
from letters.sheets import area, press, the_letter
from undersigned.campaigns.tables import Campaign
from undersigned.letters.tables import Letter

KEEP = "/campaigns/light/write"
CHANGED = "This letter was changed somewhere else"


async def opened(client: httpx.AsyncClient, letter: str = "") -> dict[str, str]:
    """Open the sheets in a page of their own: what its hidden fields say."""
    start = {"stage": "postcode", "postcode": "BL9 0SW"}
    page = await (client.get(f"{KEEP}?letter={letter}") if letter else client.post(KEEP, data=start))
    names = ("letter", "version", "page") if letter else ("page",)
    return {"letter": "", "version": ""} | {name: front_door.hidden(page, name) for name in names}


async def autosave(client: httpx.AsyncClient, page: dict[str, str], words: str) -> httpx.Response:
    """What a page does by itself; it remembers what it is told."""
    told = front_door.writing(prompt_why=words) | page | {"stage": "keep", "kept": "yes"}
    answer = await client.post(KEEP, data=told)
    if answer.is_success:
        page |= {name: answer.json()[name] for name in ("letter", "version")}
    return answer


@pytest.fixture
async def two(client: httpx.AsyncClient, campaign: Campaign) -> tuple[dict[str, str], dict[str, str]]:
    """A draft that is open in two pages, and was saved in the first of them since."""
    one = await opened(client)
    await autosave(client, one, "One.")
    other = await opened(client, one["letter"])
    assert (await autosave(client, one, "One, and more.")).is_success
    return one, other


async def test_the_second_page_is_told_and_shown_both_texts(client: httpx.AsyncClient, two: Any) -> None:
    _, other = two
    kept = await autosave(client, other, "Two.")
    assert (kept.status_code, kept.json()) == (409, {"changed": "elsewhere"})
    for button in ({}, {"press": "save"}):
        told = front_door.writing(prompt_why="Two.") | other | {"kept": "yes"} | button
        page = await client.post(KEEP, data=told)
        assert page.status_code == 409 and CHANGED in page.text
        assert area(page, "prompt_why") == "Two." and "<dd>One, and more.</dd>" in page.text
    assert (await the_letter()).given_answers["why"] == "One, and more."


async def test_who_has_seen_both_may_go_on_with_either(
    client: httpx.AsyncClient, campaign: Campaign, two: Any
) -> None:
    _, other = two
    page = await press(client, campaign, "save", **other, prompt_why="Two.")
    rest = {"press": "edit", "token": front_door.hidden(page, "token")}
    assert area(await client.post(KEEP, data=rest), "prompt_why") == "One, and more."
    seen = {name: front_door.hidden(page, name) for name in ("letter", "version", "page")}
    review = await front_door.write(client, campaign, **seen, prompt_why="One, and more. Two.")
    assert review.status_code == 200 and "Read it once more" in review.text
    assert (await the_letter()).given_answers["why"] == "One, and more. Two."
    assert await Letter.count() == 1


async def test_a_page_that_never_heard_of_its_own_saving_is_not_told_off(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await opened(client)
    await autosave(client, page, "One.")
    await autosave(client, dict(page), "One, and more.")
    review = await front_door.write(client, campaign, **page, prompt_why="One, and more of it.")
    assert review.status_code == 200 and (await the_letter()).given_answers["why"] == "One, and more of it."


async def test_the_same_text_saved_twice_is_no_change(client: httpx.AsyncClient, two: Any) -> None:
    one, other = two
    assert (await autosave(client, one, "One.")).is_success, "and back again"
    assert (await autosave(client, other, "Two.")).is_success


async def test_a_signer_who_begins_in_two_tabs_is_told_in_the_second(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    thanks = await front_door.counted(client, campaign)
    carried = thanks.text.partition("/campaigns/light/write?from=")[2].partition('"')[0]
    tabs = [{**await opened(client), "from": carried} for _ in range(2)]
    assert (await autosave(client, tabs[0], "One.")).is_success
    assert (await autosave(client, tabs[1], "Two.")).status_code == 409
    assert (await the_letter()).given_answers["why"] == "One."


async def test_everything_that_differs_is_shown(client: httpx.AsyncClient, campaign: Campaign, two: Any) -> None:
    one, other = two
    change = {"name": "Amina R", "keep_reply": "yes", "edit_pledge": "My own way.", "keep_pledge": "yes"}
    await press(client, campaign, "save", **one, **change, reply_to="tracked", prompt_why="One.")
    page = (await press(client, campaign, "save", **other, prompt_why="One.")).text
    shown = page.partition(CHANGED)[2].partition("</dl>")[0]
    for words in ("Amina R", "My own way.", "It keeps others", "To me and the campaign"):
        assert words in shown, words
    assert "One." not in shown and "Clough" not in shown, "what is the same is not"


@pytest.mark.parametrize("mark", ["", "nonsense", "x" * 300, "0" * 16])
async def test_a_forged_mark_changes_nothing_but_the_asking(
    client: httpx.AsyncClient, two: Any, mark: str
) -> None:
    _, other = two
    assert (await autosave(client, other | {"page": mark}, "Two.")).status_code == 409


async def test_the_sheets_say_where_the_draft_is_as_soon_as_there_is_one(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    first = await client.post(KEEP, data={"stage": "postcode", "postcode": "BL9 0SW"})
    assert "data-draft-link hidden" in first.text
    page = await opened(client)
    await autosave(client, page, "One.")
    again = await client.get(f"{KEEP}?letter={page['letter']}")
    assert "data-draft-link hidden" not in again.text and f'href="{KEEP}?letter={page["letter"]}"' in again.text
