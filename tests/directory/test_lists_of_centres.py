"""Centres out of a file, at the desk and at a terminal: what would change is shown first."""

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

import make
from command_line import refused
from staff.visits import sign_in, token
from undersigned.centres.tables import Centre
from undersigned.kit import database as db

if TYPE_CHECKING:
    from command_line import Run

HERE = "/staff/campaigns/street/centres"
TWO = (
    "Centre,Address,Postcode,Telephone,Opening hours,Step-free,Last checked,Website\n"
    'Quern Street Library,"9 Quern Street, Hertford",sg141aa,01632 960101,Mondays,yes,12/03/2026,x.example.org\n'
    'The Lock Keeper’s Kitchen,"2 Star Wharf, Ware",SG12 1AA,01632 960102,Tuesdays,,2026-03-12,\n'
)


async def show(client: httpx.AsyncClient, file: str | bytes) -> httpx.Response:
    """Send a file, to see what it would change."""
    sent = {"file": ("centres.csv", file if isinstance(file, bytes) else file.encode(), "text/csv")}
    return await client.post(f"{HERE}/import", data={"form_token": await token(client)}, files=sent)


async def take(client: httpx.AsyncClient, shown: httpx.Response, **more: str) -> httpx.Response:
    """Press the button under what was shown."""
    hidden = dict(re.findall(r'name="(form_token|bundle|mark)" value="([^"]*)"', shown.text))
    return await client.post(f"{HERE}/import", data=hidden | more)


async def names() -> list[str]:
    return sorted(row["name"] for row in await db.fetch("SELECT name FROM centre"))


@pytest.fixture
async def desk(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The desk of a campaign with a chapter, with Owen at it."""
    await make.chapter(await make.campaign(slug="street"))
    await sign_in(client)
    return client


async def test_the_page_says_what_every_column_holds(desk: httpx.AsyncClient) -> None:
    page = (await desk.get(f"{HERE}/import")).text
    for column in ("name", "address", "postcode", "area", "step_free", "checked_on", "chapter"):
        assert f"<code>{column}</code>" in page


async def test_nothing_is_taken_until_somebody_has_seen_it(desk: httpx.AsyncClient) -> None:
    shown = await show(desk, TWO)
    assert shown.status_code == 200 and "Nothing is taken yet" in shown.text
    assert "These columns are not taken: Website." in shown.text
    assert await names() == []
    done = await take(desk, shown)
    assert "The file is taken over." in (await desk.get(done.headers["location"])).text
    first = await Centre.objects().order_by(Centre.name).first()
    assert first is not None
    assert (first.name, first.postcode, first.step_free) == ("Quern Street Library", "SG14 1AA", True)
    assert (first.opening, str(first.checked_on)) == ("Mondays", "2026-03-12")
    row = await db.fetch_one("SELECT after FROM audit WHERE act = 'centres imported'")
    assert row is not None and '"new": 2' in str(row["after"])


async def test_a_second_time_nothing_changes_and_what_changes_is_named(desk: httpx.AsyncClient) -> None:
    await take(desk, await show(desk, TWO))
    again = await show(desk, TWO)
    assert "All of it stands in the directory already." in again.text
    shown = await show(
        desk, TWO.replace("Mondays", "Fridays").replace("Quern Street Library", "QUERN STREET LIBRARY")
    )
    assert "Opening: <del>Mondays</del> <ins>Fridays</ins>" in shown.text
    await take(desk, shown)
    assert len(await names()) == 2


async def test_a_column_that_is_not_there_stays_and_an_empty_cell_empties(desk: httpx.AsyncClient) -> None:
    await take(desk, await show(desk, TWO))
    less = 'name,address,postcode,phone\nQuern Street Library,"9 Quern Street, Hertford",SG14 1AA,\n'
    await take(desk, await show(desk, less))
    first = await Centre.objects().order_by(Centre.name).first()
    assert first is not None and (first.opening, first.phone) == ("Mondays", "")


async def test_lines_with_mistakes_are_named_and_left_out(desk: httpx.AsyncClient) -> None:
    wrong = (
        TWO
        + "No postcode,1 Mill Lane,,,,,,\n"
        + "Quern Street Library,somewhere,SG14 1AA,,,,,\n"
        + "Odd,1 Mill Lane,SG13 8DE,,,perhaps,,\n"
    )
    shown = await show(desk, wrong)
    for said in ("postcode: Enter", "Line 2 has the same name and postcode.", "step free: Write yes or no"):
        assert said in shown.text, said
    assert "Take out" not in shown.text
    await take(desk, shown)
    assert await names() == ["Quern Street Library", "The Lock Keeper’s Kitchen"]


async def test_what_the_file_does_not_name_goes_only_when_that_is_ticked(desk: httpx.AsyncClient) -> None:
    await take(desk, await show(desk, TWO))
    one = "\n".join(TWO.splitlines()[:2])
    shown = await show(desk, one)
    assert "Not in the file: The Lock Keeper’s Kitchen (SG12 1AA)." in shown.text
    await take(desk, shown)
    assert len(await names()) == 2
    await take(desk, await show(desk, one), take_out="yes")
    assert await names() == ["Quern Street Library"]
    row = await db.fetch_one("SELECT after FROM audit WHERE act = 'centres imported' ORDER BY id DESC LIMIT 1")
    assert row is not None and "SG12 1AA" in str(row["after"])


async def test_nothing_goes_while_a_line_has_a_mistake_for_it_may_be_that_centre(desk: httpx.AsyncClient) -> None:
    await take(desk, await show(desk, TWO))
    wrong = TWO.replace("SG12 1AA", "SG12 1") + "Ashgrove,1 Mill Lane,SG13 8DE,,,,,\n"
    done = await take(desk, await show(desk, wrong), take_out="yes")
    assert done.status_code == 422 and "Nothing is taken out" in done.text
    assert len(await names()) == 2


async def test_whoever_was_quicker_is_not_written_over_unseen(desk: httpx.AsyncClient) -> None:
    await take(desk, await show(desk, TWO))
    shown = await show(desk, TWO.replace("Mondays", "Fridays"))
    await db.execute("UPDATE centre SET opening = 'Sundays' WHERE postcode = 'SG14 1AA'")
    done = await take(desk, shown)
    assert done.status_code == 422 and "Look at it once more." in done.text
    assert "<del>Sundays</del> <ins>Fridays</ins>" in done.text
    await take(desk, done)
    assert await db.fetch("SELECT id FROM centre WHERE opening = 'Fridays'")


async def test_one_list_taken_twice_at_once_is_taken_once(desk: httpx.AsyncClient) -> None:
    shown = await show(desk, TWO)
    answers = await asyncio.gather(*(take(desk, shown) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    assert len(await names()) == 2


async def test_a_chapter_goes_by_its_name_or_its_address(desk: httpx.AsyncClient) -> None:
    rows = ("A,1 Mill Lane,SG13 8DE,bury", "B,1 Mill Lane,SG13 8DE,Bury", "C,1 Mill Lane,SG13 8DE,Leeds")
    shown = await show(desk, "\n".join(("name,address,postcode,chapter", *rows)))
    assert "chapter: there is none called Leeds here." in shown.text
    await take(desk, shown)
    assert [row["chapter"] for row in await db.fetch("SELECT chapter FROM centre")] == [1, 1]


async def test_the_list_that_one_takes_comes_back_as_it_was(desk: httpx.AsyncClient) -> None:
    shown = await show(
        desk,
        TWO.replace("Mondays", "=SUM(A1)")
        .replace("Centre,", "Chapter,Centre,")
        .replace("\nQuern", "\nbury,Quern")
        .replace("\nThe Lock", "\n,The Lock"),
    )
    await take(desk, shown)
    file = await desk.get(f"{HERE}.csv")
    assert file.headers["content-disposition"] == 'attachment; filename="centres-street.csv"'
    assert file.text.startswith("\ufeffname,address,postcode") and "'=SUM(A1)" in file.text
    assert "All of it stands in the directory already." in (await show(desk, file.content)).text


@pytest.mark.parametrize("between", [";", "\t"])
async def test_other_marks_between_cells_and_other_letters_are_read(desk: httpx.AsyncClient, between: str) -> None:
    rows = [("name", "address", "postcode"), ("Café Élan", "1 Mill Lane", "SG13 8DE")]
    shown = await show(desk, "\r\n".join(between.join(row) for row in rows).encode("cp1252"))
    await take(desk, shown)
    assert await names() == ["Café Élan"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "Choose the CSV"),
        (b"name,address\nA,B\n", "There is no column postcode"),
        (b"name,address,postcode\n", "There must be 1 to 2,000 centres"),
        (b"name,address,postcode,phone,tel\nA,B,SG13 8DE,1,2\n", "Two columns say phone."),
        (b'name,address,postcode\n"A,B,SG13 8DE\n', "A quotation mark in the file"),
        (b"PK\x03\x04\0\0name", "That is not a CSV."),
        (b"name,address,postcode\n" + b"x" * 500_000, "larger than 500 kilobytes"),
    ],
)
async def test_what_is_no_list_is_refused_in_a_sentence(
    desk: httpx.AsyncClient, file: bytes, sentence: str
) -> None:
    answer = await show(desk, file)
    assert answer.status_code == 422 and sentence in answer.text


async def test_a_bundle_that_was_broken_on_the_way_is_asked_for_again(desk: httpx.AsyncClient) -> None:
    told = {"form_token": await token(desk), "bundle": "éé", "mark": ""}
    answer = await desk.post(f"{HERE}/import", data=told)
    assert answer.status_code == 422 and "Choose the CSV" in answer.text


@pytest.mark.usefixtures("database")
async def test_a_terminal_shows_asks_and_takes(run: "Run", tmp_path: Path) -> None:
    await make.campaign(slug="street", state="draft")
    file = tmp_path / "centres.csv"
    file.write_text(TWO, encoding="utf-8")
    words = ("centres", "load", str(file), "--campaign", "street")
    dry = await asyncio.to_thread(run, *words, "--dry-run")
    assert "New: 2" in dry.stdout and "Nothing was changed." in dry.stdout and await names() == []
    assert "--yes" in refused(await asyncio.to_thread(run, *words)) and await names() == []
    done = await asyncio.to_thread(run, *words, "--yes")
    assert "The directory is up to date." in done.stdout and len(await names()) == 2
    assert "street: 2 centres, " in (await asyncio.to_thread(run, "centres", "status")).stdout


@pytest.mark.usefixtures("database")
async def test_a_terminal_takes_nothing_while_a_line_has_a_mistake(run: "Run", tmp_path: Path) -> None:
    await make.campaign(slug="street")
    file = tmp_path / "centres.csv"
    file.write_text(TWO.replace("SG12 1AA", "SG12"), encoding="utf-8")
    done = await asyncio.to_thread(run, "centres", "load", str(file), "--campaign", "street", "--yes")
    assert refused(done) == "Error: Nothing was changed: 1 line has mistakes."
    assert "line 3, The Lock Keeper’s Kitchen: postcode:" in done.stdout and await names() == []
    nobody = await asyncio.to_thread(run, "centres", "load", str(file), "--campaign", "nobody", "--yes")
    assert refused(nobody) == "Error: There is no campaign at this address."
