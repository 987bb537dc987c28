"""“This is not my MP” offers only what is taken afterwards, and otherwise says what to put right."""

import httpx
import pytest

import front_door
import make


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
