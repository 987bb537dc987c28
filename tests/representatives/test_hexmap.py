"""A map that an operator brings as hexjson: taken whole, or refused in one line that says what is wrong."""

import json
from pathlib import Path

import pytest

from command_line import Run, refused
from undersigned.representatives import hexmap

BURY, CARDIFF = "E14001144", "W07000091"


def written(folder: Path, **changed: object) -> Path:
    told = {"layout": "odd-r", "hexes": {BURY: {"q": 0, "r": 0, "n": "Bury North"}, CARDIFF: {"q": -1, "r": 0}}}
    path = folder / "map.hexjson"
    path.write_text(json.dumps(told | changed), encoding="utf-8")
    return path


def test_codes_of_2024_are_taken_as_those_of_today(tmp_path: Path) -> None:
    found = hexmap.read(written(tmp_path, hexes={"S14000006": {"q": 3, "r": 4}}))
    assert found == hexmap.HexMap("odd-r", {"S14000107": (3, 4)})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"layout": "square"}, "map.hexjson has no layout that we know; it may be odd-r, even-r, odd-q, even-q."),
        ({"layout": ["odd-r"]}, "map.hexjson has no layout that we know; it may be odd-r, even-r, odd-q, even-q."),
        ({"hexes": {}}, "map.hexjson is not hexjson: it has no hexes."),
        ({"hexes": [BURY]}, "map.hexjson is not hexjson: it has no hexes."),
        ({"hexes": {"E14009999": {"q": 0, "r": 0}}}, "There is no constituency with the code 'E14009999'."),
        (
            {"hexes": {"E14000605": {"q": 0, "r": 0}}},
            "E14000605 is a constituency that ended in 2024; bring a map of those of today.",
        ),
        ({"hexes": {BURY: {"q": 0.5, "r": 0}}}, f"{BURY} has no whole numbers for q and r."),
        ({"hexes": {BURY: {"q": True, "r": 0}}}, f"{BURY} has no whole numbers for q and r."),
        ({"hexes": {BURY: {"q": "1"}}}, f"{BURY} has no whole numbers for q and r."),
        ({"hexes": {BURY: 4}}, f"{BURY} has no whole numbers for q and r."),
        (
            {"hexes": {BURY: {"q": 2, "r": 1}, CARDIFF: {"q": 2, "r": 1}}},
            f"{BURY} and {CARDIFF} are on one cell, q 2 and r 1.",
        ),
        (
            {"hexes": {"S14000006": {"q": 2, "r": 1}, "S14000107": {"q": 2, "r": 2}}},
            "map.hexjson has S14000107 twice.",
        ),
    ],
)
def test_a_map_with_a_mistake_is_refused(tmp_path: Path, changed: dict[str, object], why: str) -> None:
    with pytest.raises(hexmap.NotAHexMap) as refusal:
        hexmap.read(written(tmp_path, **changed))
    assert str(refusal.value) == why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "map.hexjson cannot be read as JSON."),
        (b"{", "map.hexjson cannot be read as JSON."),
        (b"[" * 100_000, "map.hexjson cannot be read as JSON."),
        (b"[]", "map.hexjson is not hexjson: it has no hexes."),
        (b'{"hexes": {"a": 1, "a": 2}}', "'a' stands twice in one place of that file."),
    ],
)
def test_what_is_no_map_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "map.hexjson"
    path.write_bytes(content)
    with pytest.raises(hexmap.NotAHexMap) as refusal:
        hexmap.read(path)
    assert str(refusal.value) == why


@pytest.mark.usefixtures("database")
async def test_a_map_is_loaded_replaced_whole_and_forgotten_from_the_command_line(
    run: Run, tmp_path: Path
) -> None:
    command = ("representatives", "hexmap")
    done = run(*command, str(written(tmp_path)))
    assert done.stdout == "2 constituencies have their place on the map.\n", done.stderr
    assert await hexmap.loaded() == hexmap.HexMap("odd-r", {BURY: (0, 0), CARDIFF: (-1, 0)})
    wrong = refused(run(*command, str(written(tmp_path, layout="square"))))
    assert wrong.startswith("Error: map.hexjson has no layout")
    assert (await hexmap.loaded()) is not None
    assert run(*command, "--forget").stdout == "Maps are of our own making again.\n"
    assert await hexmap.loaded() is None
