"""What holds for every postcode and every index, tried with whatever Hypothesis thinks of."""

import csv
import io
import string
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undersigned.postcodes import ladder, packing
from undersigned.postcodes.index import Found, Index
from undersigned.postcodes.ladder import Match
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import INWARD_LETTERS, NotAPostcode, Postcode
from undersigned.postcodes.seats import ENGLAND, SCOTLAND, SEATS, current_code

AREAS = [
    "AB",
    "B",
    "BL",
    "BN",
    "BT",
    "CF",
    "E",
    "EC",
    "EH",
    "G",
    "IM",
    "JE",
    "L",
    "LE",
    "M",
    "N",
    "SE",
    "SW",
    "W",
    "ZE",
]
outwards = st.tuples(st.sampled_from(AREAS), st.integers(1, 99).map(str)).map("".join) | st.sampled_from(
    ["SW1A", "EC1A", "W1A", "E1W", "N1C", "GIR"]
)
inwards = st.tuples(st.integers(0, 9).map(str), *[st.sampled_from(INWARD_LETTERS)] * 2).map("".join)
postcodes = st.builds(Postcode, outwards.filter(lambda code: code != "GIR"), inwards)
spots = st.builds(
    Spot,
    st.sampled_from([*sorted(SEATS)[:300], None]),
    st.sampled_from([ENGLAND, SCOTLAND, None]),
    st.sampled_from(["E23000001", "E23000005", None]),
    st.booleans(),
)
rows = st.dictionaries(postcodes, st.tuples(spots, st.booleans()), max_size=60)
quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(postcodes)
def test_what_is_written_is_read_back(postcode: Postcode) -> None:
    assert Postcode.parse(str(postcode)) == postcode


@quick
@given(
    postcodes,
    st.sampled_from(["", " ", "  ", "\u00a0", "-", "–", "\t", "."]),
    st.sampled_from(["", " ", ".", "\n"]),
)
def test_case_gaps_and_full_stops_do_not_matter(postcode: Postcode, gap: str, after: str) -> None:
    for written in (
        f"{postcode.outward}{gap}{postcode.inward}{after}",
        f"{after}{postcode.outward}{gap}{postcode.inward}",
    ):
        assert Postcode.parse(written) == Postcode.parse(written.lower()) == postcode


@quick
@given(postcodes)
def test_full_width_letters_do_not_matter(postcode: Postcode) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) if character != " " else "\u3000" for character in str(postcode))
    assert Postcode.parse(wide) == postcode


@quick
@given(st.text(max_size=30) | st.text(string.ascii_letters + string.digits + " -", max_size=10))
def test_any_text_is_a_postcode_that_stays_one_or_is_refused_in_a_sentence(text: str) -> None:
    try:
        postcode = Postcode.parse(text)
    except NotAPostcode as refusal:
        assert str(refusal).endswith((".", "?"))
        assert "\n" not in str(refusal)
    else:
        assert Postcode.parse(str(postcode)) == postcode


def made(told: dict[Postcode, tuple[Spot, bool]]) -> Index:
    """The index of these rows, through a file as it always is."""
    packer = Packer()
    for postcode, (spot, terminated) in told.items():
        packer.add(postcode.outward, postcode.inward, packer.number(spot), terminated)
    with tempfile.TemporaryDirectory() as folder:
        packing.replace(Path(folder) / "index", packer.pack("test", []))
        return Index.open(Path(folder) / "index")


@settings(quick, max_examples=60)
@given(rows, st.lists(postcodes, max_size=20))
def test_the_index_answers_as_a_plain_dictionary_would(
    told: dict[Postcode, tuple[Spot, bool]], others: list[Postcode]
) -> None:
    index = made(told)
    expected = {
        postcode: Found(spot.gss_code, spot.country, spot.police_force_area, terminated, spot.exact)
        for postcode, (spot, terminated) in told.items()
    }
    assert dict(index) == expected
    assert (index.rows, index.live) == (len(told), sum(not terminated for _, terminated in told.values()))
    for postcode in [*told, *others]:
        assert index.find(postcode) == expected.get(postcode)


@settings(quick, max_examples=60)
@given(rows, postcodes)
def test_every_rung_of_the_ladder_keeps_its_promise(
    told: dict[Postcode, tuple[Spot, bool]], asked: Postcode
) -> None:
    index = made(told)
    place = ladder.place(asked, "GB", index)
    assert (place.gss_code is not None) == (place.match in {Match.EXACT, Match.ESTIMATED})
    assert bool(place.candidates) == (place.match is Match.CHOOSE)
    if asked in told and told[asked][0].gss_code and place.match is Match.EXACT:
        assert place.gss_code == told[asked][0].gss_code
        assert place.terminated == told[asked][1]
    live_here = {
        spot.gss_code
        for postcode, (spot, terminated) in told.items()
        if not terminated and (postcode.outward, postcode.inward[0]) == (asked.outward, asked.inward[0])
    }
    if place.match is Match.ESTIMATED and asked not in told:
        assert live_here == {place.gss_code}


ODD = "NPT 0VA"
"""A row of the real directory that no postcode may look like: its last half has a V."""


def test_all_rows_of_the_directory_agree_with_the_index(shared, real_index) -> None:
    count, wrong = 0, []
    with (
        zipfile.ZipFile(shared("ONSPD_NOV_2025_UK.zip")) as archive,
        archive.open("Data/ONSPD_NOV_2025_UK.csv") as file,
    ):
        lines = csv.reader(io.TextIOWrapper(file, "utf-8"))
        heading = next(lines)
        where = [heading.index(title) for title in ("pcds", "pcon24cd", "ctry25cd", "pfa23cd", "doterm")]
        for line in lines:
            text, seat, country, police, gone = (line[column] for column in where)
            count += 1
            found = real_index.find(Postcode(*text.split(" ")))
            if found is None or not agrees(found, seat, country, police, gone):
                wrong.append(text)
    assert count > 2_600_000
    assert wrong == [ODD]
    assert real_index.rows == count - 1


def agrees(found: Found, seat: str, country: str, police: str, gone: str) -> bool:
    return (
        found.gss_code == current_code(seat)
        and (found.country or "") == country
        and (found.police_force_area or "") == ("" if police.endswith("99999999") else police)
        and found.terminated == bool(gone)
    )
