"""Find your MP: a kind answer on every rung of the ladder."""

import httpx
import pytest

import make
from undersigned.kit import database as db


async def ask(client: httpx.AsyncClient, postcode: str, status: int = 200) -> str:
    """The page for a postcode."""
    answer = await client.get("/your-mp", params={"postcode": postcode})
    assert answer.status_code == status
    return answer.text


async def test_the_page_asks_first(client: httpx.AsyncClient) -> None:
    answer = await client.get("/your-mp")
    assert answer.status_code == 200
    assert "Your postcode" in answer.text
    assert "govuk-error" not in answer.text


@pytest.mark.parametrize("typed", ["BL9 0SW", "bl90sw", " BL9\u00a00SW ", "BL9-0SW", "BL9 OSW"])
async def test_a_postcode_however_it_is_typed_names_the_mp(client: httpx.AsyncClient, typed: str) -> None:
    await make.mp()
    page = await ask(client, typed)
    assert "Harriet Vale MP" in page
    assert "MP for Bury North" in page
    assert "best estimate" not in page


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Enter"), ("BL9", "first half"), ("90210", "outside"), ("?!", "Enter")]
)
async def test_what_is_no_postcode_is_said_beside_the_field(
    client: httpx.AsyncClient, typed: str, said: str
) -> None:
    page = await ask(client, typed, 422)
    assert "<title>Error: " in page
    assert said in page.partition('id="postcode-error"')[2].partition("</p>")[0]


async def test_an_unknown_postcode_nearby_is_an_estimate_and_says_so(client: httpx.AsyncClient) -> None:
    await make.mp()
    page = await ask(client, "BL9 0AA")
    assert "Harriet Vale MP" in page
    assert "best estimate" in page


async def test_jersey_has_no_mp_at_westminster(client: httpx.AsyncClient) -> None:
    assert "parliaments of their own" in await ask(client, "JE2 3XP")


@pytest.mark.parametrize("typed", ["BFPO 61", "GX11 1AA", "ZE3 9ZZ"])
async def test_every_other_rung_has_an_answer_too(client: httpx.AsyncClient, typed: str) -> None:
    await make.mp()
    assert "<h1>Find your MP</h1>" in await ask(client, typed)


async def test_an_empty_seat_is_called_empty(client: httpx.AsyncClient) -> None:
    await make.mp()
    await db.execute("UPDATE membership SET ended_on = current_date")
    page = await ask(client, "BL9 0SW")
    assert "Bury North" in page
    assert "Harriet Vale" not in page
    assert "empty until its by-election" in page


async def test_between_parliaments_there_is_no_mp(client: httpx.AsyncClient) -> None:
    await make.mp()
    await db.execute("UPDATE constituency SET closed_reason = 'Parliament was dissolved.'")
    page = await ask(client, "BL9 0SW")
    assert "Parliament was dissolved." in page
    assert "Harriet Vale" not in page


async def test_html_in_a_postcode_stays_text(client: httpx.AsyncClient) -> None:
    assert "<script>x" not in await ask(client, "<script>x", 422)
