"""Every rung of the ladder on the page, and a way on from each of them."""

from pathlib import Path

import httpx
import pytest

import make
from undersigned.kit import database as db
from undersigned.postcodes import index, packing
from undersigned.postcodes.index import Index
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import ENGLAND
from undersigned.representatives.tables import Constituency

SOUTH = "E14001145"


@pytest.fixture(autouse=True)
async def known(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seats that share BL9, one retired postcode, and the members."""
    packer = Packer()
    rows = [("BL9 0SW", make.BURY_NORTH, False), ("BL9 8AA", make.BURY_NORTH, False), ("BL9 8AB", SOUTH, False)]
    for code, seat, terminated in [*rows, ("BL9 0ZZ", make.BURY_NORTH, True)]:
        postcode = Postcode.parse(code)
        packer.add(postcode.outward, postcode.inward, packer.number(Spot(seat, ENGLAND, None)), terminated)
    packing.replace(tmp_path / "index", packer.pack("test", []))
    opened = Index.open(tmp_path / "index")
    monkeypatch.setattr(index, "current", lambda: opened)
    monkeypatch.setattr("undersigned.postcodes.ladder.current", lambda: opened)
    await make.mp()
    await Constituency(gss_code=SOUTH, name="Bury South").save()


async def ask(client: httpx.AsyncClient, **asked: str) -> str:
    answer = await client.get("/your-mp", params=asked)
    assert answer.status_code == 200
    return answer.text


async def test_an_exact_answer_may_be_wrong_all_the_same(client: httpx.AsyncClient) -> None:
    page = await ask(client, postcode="BL9 0SW")
    assert "Harriet Vale MP" in page
    assert "<select" not in page
    assert "/your-mp?postcode=BL9%200SW&amp;other=yes#choose" in page
    other = await ask(client, postcode="BL9 0SW", other="yes")
    assert "If that is not right" in other
    assert f'<option value="{SOUTH}">Bury South</option>' in other


async def test_a_retired_postcode_is_answered_and_called_retired(client: httpx.AsyncClient) -> None:
    page = await ask(client, postcode="bl9 0zz")
    assert "Harriet Vale MP" in page
    assert "no longer uses BL9 0ZZ" in page


async def test_an_estimate_says_so_and_shows_the_neighbours(client: httpx.AsyncClient) -> None:
    page = await ask(client, postcode="BL9 0AA")
    assert "best estimate" in page
    assert f"/your-mp?constituency={SOUTH}" in page


async def test_a_split_sector_is_a_choice(client: httpx.AsyncClient) -> None:
    page = await ask(client, postcode="BL9 8ZZ")
    assert "One of these speaks for you" in page
    assert page.index("Bury North") < page.index("Bury South")


@pytest.mark.parametrize(
    ("postcode", "said"),
    [
        ("BFPO 61", "in no constituency"),
        ("BF1 2AA", "in no constituency"),
        ("GX11 1AA", "sends no MP to Westminster"),
        ("ZE3 9ZZ", "We do not know that postcode"),
    ],
)
async def test_where_there_is_no_answer_one_may_choose_by_name(
    client: httpx.AsyncClient, postcode: str, said: str
) -> None:
    page = await ask(client, postcode=postcode)
    assert said in page
    assert '<select class="govuk-select"' in page
    assert "Bury South" in page


async def test_a_crown_dependency_has_no_mp_but_a_voter_may_still_choose(client: httpx.AsyncClient) -> None:
    page = await ask(client, postcode="JE2 3XP")
    assert "parliaments of their own" in page
    assert "<select" in await ask(client, postcode="JE2 3XP", other="yes")


async def test_a_choice_by_name_shows_the_member_or_the_empty_seat(client: httpx.AsyncClient) -> None:
    assert "Harriet Vale MP" in await ask(client, constituency=make.BURY_NORTH)
    assert "empty until its by-election" in await ask(client, constituency=SOUTH)
    assert "<select" in await ask(client, constituency="nonsense")


async def test_without_a_postcode_the_list_is_one_press_away(client: httpx.AsyncClient) -> None:
    assert "/your-mp?other=yes#choose" in await ask(client)
    assert "<select" in await ask(client, other="yes")


async def test_a_member_who_opted_out_is_said_to_have(client: httpx.AsyncClient) -> None:
    await db.execute("UPDATE representative SET contact = 'opted_out'")
    assert "asked not to be written to" in await ask(client, postcode="BL9 0SW")
