"""“This is not my MP” offers only what is taken afterwards, and otherwise says what to put right."""

from pathlib import Path

import httpx
import pytest

import front_door
import make
from undersigned.postcodes import index, packing
from undersigned.postcodes.index import Index
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import ENGLAND


@pytest.fixture
async def action(client: httpx.AsyncClient) -> str:
    """Where a letter is written, and Bury North's member."""
    await make.mp()
    campaign = await make.campaign(slug="light")
    return f"/campaigns/{campaign.slug}/write"


async def test_where_no_other_can_be_it_says_so_and_asks_for_the_postcode_again(
    client: httpx.AsyncClient, action: str
) -> None:
    typed = front_door.writing() | {"press": "other", "stage": "write"}
    answer = await client.post(action, data=typed)
    assert answer.status_code == 422
    assert "Every home near BL9 0SW is in Bury North" in answer.text
    assert 'name="postcode"' in answer.text and 'value="BL9 0SW"' in answer.text
    assert front_door.writing()["prompt_why"] in answer.text, "the words go along"


async def test_without_a_postcode_that_can_be_read_it_is_asked_for(client: httpx.AsyncClient, action: str) -> None:
    answer = await client.post(action, data={"press": "other", "stage": "write", "postcode": "nowhere"})
    assert answer.status_code == 422
    assert 'name="postcode"' in answer.text


@pytest.fixture
async def shared(action: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """As ``action``, where BL9 lies in two seats, and BL9 0SW in one of them."""
    packer = Packer()
    for code, seat in [("BL9 0SW", make.BURY_NORTH), ("BL9 8AB", "E14001145")]:
        postcode = Postcode.parse(code)
        packer.add(postcode.outward, postcode.inward, packer.number(Spot(seat, ENGLAND, None)), False)
    packing.replace(tmp_path / "index", packer.pack("test", []))
    opened = Index.open(tmp_path / "index")
    monkeypatch.setattr(index, "current", lambda: opened)
    monkeypatch.setattr("undersigned.postcodes.ladder.current", lambda: opened)
    await make.mp("E14001145", "Bury South", display_name="Sam Lark", full_title="Sam Lark MP")
    return action


@pytest.mark.parametrize("postcode", ["BL9 0SW", "BFPO 61"])
async def test_carrying_on_without_a_choice_asks_again_and_never_shows_the_mp_who_was_not_theirs(
    client: httpx.AsyncClient, shared: str, postcode: str
) -> None:
    rejected = front_door.writing(postcode=postcode) | {"press": "other", "stage": "write"}
    choice = await client.post(shared, data=rejected)
    assert choice.status_code == 200 and "Bury South" in choice.text
    del rejected["constituency"], rejected["press"]
    again = await client.post(shared, data=rejected | {"stage": "choose"})
    assert again.status_code == 422
    assert "Choose the constituency you live in." in again.text and 'href="#constituency"' in again.text
    assert front_door.hidden(again, "stage") == "choose" and 'id="constituency"' in again.text
    assert "Write to Harriet Vale MP" not in again.text
    assert front_door.OWN_WORDS in again.text, "the words go along"
    sheets = await client.post(shared, data=rejected | {"stage": "choose", "constituency": "E14001145"})
    assert "Write to Sam Lark MP" in sheets.text and front_door.OWN_WORDS in sheets.text
