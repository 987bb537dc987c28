"""The template's paragraphs: dropped, said in one's own way, or moved, and never more than that."""

import httpx
import pytest

import front_door
import make
from letters.sheets import ALL, area, blocks, kept, press, the_letter
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db

ORDER = "opening own-words reporting pledge ask reply"
MINE = "I have told nobody official about it either, and I should like that to be otherwise."


async def sheets(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})


def texts(letter: object) -> list[str]:
    return [part["text"] for part in letter.parts]  # type: ignore[attr-defined]


async def test_every_block_is_kept_until_somebody_drops_it(client: httpx.AsyncClient, campaign: Campaign) -> None:
    page = await sheets(client)
    assert sorted(blocks(page)) == sorted(ORDER.split())
    assert all(kept(page, name) for name in ("reporting", "pledge", "reply"))
    await front_door.write(client, campaign, kept="yes", keep_reply="yes")
    words = "\n".join(texts(await the_letter()))
    assert "I would welcome a reply" in words
    assert "part of the campaign" not in words


async def test_a_block_in_other_words_stands_in_the_letter_and_counts_as_own(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await sheets(client)
    was = front_door.hidden(page, "was_reporting")
    review = await front_door.write(client, campaign, **ALL, was_reporting=was, edit_reporting=MINE, prompt_why="")
    letter = await the_letter()
    assert {"text": MINE, "own": True} in letter.parts
    assert not any("Many people who are targeted" in text for text in texts(letter))
    assert len(letter.own_words.split()) == len(MINE.split())
    assert 5 < letter.own_share < 15
    assert f'<mark class="own">{MINE}</mark>' in review.text


async def test_one_changed_word_is_one_own_word(client: httpx.AsyncClient, campaign: Campaign) -> None:
    page = await sheets(client)
    was, original = front_door.hidden(page, "was_reporting"), area(page, "edit_reporting")
    assert "Many people" in original
    changed = original.replace("Many people", "Three neighbours")
    await front_door.write(client, campaign, **ALL, was_reporting=was, edit_reporting=changed, prompt_why="")
    letter = await the_letter()
    assert letter.own_words.split() == ["three", "neighbours"]
    assert 0 < letter.own_share < 5


async def test_a_text_area_that_nobody_touched_is_no_edit_even_when_the_figures_move(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await sheets(client)
    was, original = front_door.hidden(page, "was_pledge"), area(page, "edit_pledge")
    await db.execute("UPDATE campaign SET signature_count = 4183")
    front_door.a_second_passes()
    typed = {"was_pledge": was, "edit_pledge": original.replace("\n", "\r\n"), "prompt_why": ""}
    await front_door.write(client, campaign, **ALL, **typed)
    letter = await the_letter()
    assert (letter.own_share, letter.given_edits) == (0, {})
    assert any("4,183" in text for text in texts(letter)), "the figures are those of the day it is read once more"


async def test_an_emptied_block_is_dropped(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.write(client, campaign, **ALL, edit_pledge="", was_pledge="anything")
    letter = await the_letter()
    assert not any("part of the campaign" in text for text in texts(letter))
    assert "pledge" not in letter.kept_blocks


async def test_blocks_move_up_and_down_with_everything_kept(client: httpx.AsyncClient, campaign: Campaign) -> None:
    typed = {"order": ORDER, "keep_pledge": "yes", "edit_pledge": MINE, "name": "Amina Q", "prompt_local": "Here."}
    up = await press(client, campaign, "up:pledge", **typed)
    assert up.status_code == 200
    assert blocks(up) == ORDER.replace("reporting pledge", "pledge reporting").split()
    assert (kept(up, "pledge"), kept(up, "reply")) == (True, False)
    assert area(up, "edit_pledge") == MINE
    assert (area(up, "prompt_why"), area(up, "prompt_local")) == (front_door.OWN_WORDS, "Here.")
    assert 'value="Amina Q"' in up.text
    down = await press(client, campaign, "down:pledge", order=" ".join(blocks(up)))
    assert blocks(down) == ORDER.split()


@pytest.mark.parametrize(
    "button", ["up:opening", "up:nobody", "down:reply", "down:", "up:own-words", "sideways:reply"]
)
async def test_a_forged_move_moves_nothing(client: httpx.AsyncClient, campaign: Campaign, button: str) -> None:
    page = await press(client, campaign, button, order=ORDER)
    assert page.status_code == 200
    if not button.startswith("sideways"):
        assert blocks(page) == ORDER.split()


async def test_the_letter_is_sent_in_the_order_that_was_chosen(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    order = "opening own-words reply pledge reporting ask"
    await front_door.write(client, campaign, **ALL, order=order)
    letter = await the_letter()
    assert letter.block_order == order.split()
    found = [next(i for i, text in enumerate(texts(letter)) if words in text) for words in
             ("welcome a reply", "part of the campaign", "Many people", "one request")]  # fmt: skip
    assert found == sorted(found)
    assert letter.own_share < 15, "a paragraph that moved is still the campaign's"


async def test_essential_blocks_stay_whatever_the_form_says(client: httpx.AsyncClient, campaign: Campaign) -> None:
    forged = {
        "order": "ask opening nobody own-words",
        "edit_ask": "Do nothing.",
        "edit_nobody": "x",
        "keep_nobody": "y",
    }
    await front_door.write(client, campaign, **forged)
    letter = await the_letter()
    words = texts(letter)
    assert "I live in Bury North" in words[0]
    assert words[1] == front_door.OWN_WORDS
    assert "one request" in words[2]
    assert not any("Do nothing." in text or text == "x" for text in words)
    assert (letter.kept_blocks, letter.given_edits) == ([], {})
    assert sorted(letter.block_order) == sorted(ORDER.split())


async def test_the_campaigns_words_can_be_put_back(client: httpx.AsyncClient, campaign: Campaign) -> None:
    page = await press(client, campaign, "restore:pledge", order=ORDER, edit_pledge=MINE, keep_pledge="yes")
    assert "This letter is part of the campaign" in area(page, "edit_pledge")
    assert MINE not in page.text


async def test_editing_goes_back_without_loss(client: httpx.AsyncClient, campaign: Campaign) -> None:
    typed = {"keep_pledge": "yes", "edit_pledge": MINE, "order": "opening reply own-words pledge reporting ask"}
    review = await front_door.write(
        client, campaign, kept="yes", reply_to="tracked", prompt_hope="A light.", **typed
    )
    page = await client.get(f"/campaigns/light/write?letter={front_door.hidden(review, 'token')}")
    assert blocks(page) == typed["order"].split()
    assert (kept(page, "pledge"), kept(page, "reply"), kept(page, "reporting")) == (True, False, False)
    assert area(page, "edit_pledge") == MINE
    assert (area(page, "prompt_why"), area(page, "prompt_hope")) == (front_door.OWN_WORDS, "A light.")
    assert area(page, "address") == "12 Clough Bank\nBury"
    assert 'type="radio" value="tracked" checked' in page.text


@pytest.mark.parametrize("danger", ["{{ supporter.address }}", "{% raw %}", "<script>alert(1)</script>"])
async def test_what_is_typed_into_a_block_is_never_more_than_text(
    client: httpx.AsyncClient, campaign: Campaign, danger: str
) -> None:
    review = await front_door.write(client, campaign, **ALL, edit_pledge=f"Look: {danger} there.")
    page = await press(client, campaign, "up:pledge", edit_pledge=f"Look: {danger} there.", order=ORDER)
    assert {"text": f"Look: {danger} there.", "own": True} in (await the_letter()).parts
    for shown in (review, page):
        assert "<script>alert" not in shown.text


async def test_choosing_another_mp_costs_no_words(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await make.mp("E14001459", "Salford", display_name="Sam Lark", full_title="Sam Lark MP", address_as="")
    page = await press(client, campaign, "other", order=ORDER, edit_pledge=MINE, keep_pledge="yes")
    assert front_door.hidden(page, "stage") == "postcode", "no other MP can be that of this postcode"
    assert front_door.hidden(page, "prompt_why") == front_door.OWN_WORDS
    assert front_door.hidden(page, "edit_pledge") == MINE
