"""Installing the file of places: what is good is put in place at once, what is not changes nothing."""

import zipfile

import pytest

from undersigned.kit.errors import Refused
from undersigned.postcodes import gazetteer, places
from undersigned.postcodes.gazetteer import NotAGazetteer
from undersigned.postcodes.index import Index
from undersigned.postcodes.packing import Packer, Spot, replace
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import ENGLAND


def lines(outward_codes: int = 3_000) -> list[str]:
    """A made-up gazetteer of so many outward codes in a row, a hundredth of a degree apart."""
    codes = [
        "SW1A",
        *(f"{area}{number}" for area in ("LE", "M", "N", "S", "B", "L", "G", "E") for number in range(1, 100)),
    ]
    codes += [f"{first}{second}{number}" for first in "ABCDE" for second in "ABCDE" for number in range(1, 100)]
    return [
        "\t".join(
            ["GB", code, f"Town {number}", "England", "ENG", "", "", "", "", str(51 + number / 100), "-1.0", "4"]
        )
        for number, code in enumerate(dict.fromkeys(codes))
    ][:outward_codes]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "GB.txt"
    path.write_text("\n".join(lines()))
    return path


async def test_a_file_or_a_zip_is_installed_and_used(var, source, tmp_path):
    done = gazetteer.install(str(source))
    assert (done.rows, done.outward_codes) == (len(lines()), len(lines()))
    assert (await places.town("LE1")).name == "Town 1"
    packed = tmp_path / "GB.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("GB.txt", source.read_text().replace("Town 1\t", "Leicester\t"))
    gazetteer.install(str(packed))
    assert (await places.town("LE1")).name == "Leicester"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><title>Sorry</title>",
        b"PK\x03\x04 and then nothing",
        b"country_code,postal_code\nGB,LE1\n",
        "\n".join(lines(2_000)).encode(),
        "\n".join(lines()).replace("-1.0", "west").encode(),
        "\n".join(lines()).replace("SW1A", "ZZ9").encode(),
    ],
)
def test_what_is_no_gazetteer_is_refused_in_one_line_and_changes_nothing(var, source, tmp_path, content):
    gazetteer.install(str(source))
    before = places.data_file().read_bytes()
    bad = tmp_path / "bad"
    bad.write_bytes(content)
    with pytest.raises(NotAGazetteer) as refusal:
        gazetteer.install(str(bad))
    assert isinstance(refusal.value, Refused)
    assert "\n" not in str(refusal.value)
    assert places.data_file().read_bytes() == before
    assert [path.name for path in places.data_file().parent.glob(".GB-*")] == []


def test_a_file_that_is_not_there_is_refused(var):
    with pytest.raises(NotAGazetteer, match="cannot be read"):
        gazetteer.install("/nowhere/GB.txt")


async def test_seats_near_an_outward_code_that_the_index_lacks_come_nearest_first(var, source, tmp_path):
    gazetteer.install(str(source))
    packer = Packer()
    for code, seat in (
        ("LE2 1AA", "E14001064"),
        ("LE9 1AA", "E14001063"),
        ("M5 1AA", "E14001065"),
        ("G1 1AA", "S14000060"),
    ):
        postcode = Postcode.parse(code)
        packer.add(postcode.outward, postcode.inward, packer.number(Spot(seat, ENGLAND, None)), False)
    replace(tmp_path / "index", packer.pack("test", []))
    index = Index.open(tmp_path / "index")
    assert await places.near(Postcode("LE1", "1AA"), index) == ("E14001064", "E14001063")
    assert await places.near(Postcode("ZE1", "1AA"), index) == ()
    assert await places.near(Postcode("LE1", "1AA"), Index.empty()) == ()


async def test_without_a_gazetteer_nothing_is_near(var):
    assert await places.near(Postcode("LE1", "1AA"), Index.empty()) == ()
