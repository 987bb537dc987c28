"""The ladder from exact to unknown, on every case that was written down."""

import csv
import json

import pytest

from undersigned.postcodes import facts, ladder
from undersigned.postcodes.index import Index
from undersigned.postcodes.ladder import Match
from undersigned.postcodes.packing import Packer, Spot, replace
from undersigned.postcodes.postcode import NotAPostcode, Postcode
from undersigned.postcodes.seats import ENGLAND, SCOTLAND

ALSO_CALLED = {Match.CHOOSE: "unknown"}


@pytest.fixture
def demo_index(tmp_path):
    facts.write_index(tmp_path / "demo.index")
    return Index.open(tmp_path / "demo.index")


def test_every_written_case_comes_out_right(shared, real_index):
    wrong = []
    with shared("postcode_cases.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    for case in cases:
        got = answer(json.loads(case["input_json"]), real_index)
        if not right(case, got):
            wrong.append((case["case_id"], case["input_as_typed"], case["expected_kind"], got))
    assert len(cases) >= 150
    assert wrong == []


def answer(typed, index):
    """Kind, code and neat postcode in the words of the file of cases."""
    try:
        postcode = Postcode.parse(typed)
    except NotAPostcode:
        return "invalid", "", ""
    place = ladder.place(postcode, "GB", index)
    found = index.find(postcode)
    kind = (
        "terminated"
        if place.match is Match.EXACT and found.terminated
        else ALSO_CALLED.get(place.match, place.match)
    )
    return str(kind), place.gss_code or "", str(postcode)


def right(case, got):
    kind, code, neat = got
    if kind != case["expected_kind"]:
        return kind in case["accept_also"].split("|")
    return code == case["expected_gss_code"] and neat == case["expected_normalised"]


def test_northern_irish_facts_are_exact_in_the_demo(shared, demo_index):
    with shared("postcode_cases.csv").open(encoding="utf-8", newline="") as file:
        cases = [case for case in csv.DictReader(file) if case["expected_normalised"].startswith("BT")]
    assert len(cases) == 4
    for case in cases:
        place = ladder.place(case["input_as_typed"], "GB", demo_index)
        assert (place.match, place.gss_code) == (Match.EXACT, case["expected_gss_code"])


def test_an_exact_answer_carries_nation_police_force_area_and_release(demo_index):
    place = ladder.place("zei ohb", "GB", demo_index)
    assert (place.match, place.gss_code, place.nation) == (Match.EXACT, "S14000051", SCOTLAND)
    assert (place.police_force_area, place.release, place.country) == ("S23000009", "demo", "GB")


def test_an_estimated_answer_carries_the_police_force_area_of_its_sector(demo_index):
    place = ladder.place("BL9 0ZZ", "GB", demo_index)
    assert (place.match, place.gss_code, place.police_force_area) == (
        Match.ESTIMATED,
        "E14001144",
        "E23000005",
    )


def test_a_source_that_only_estimates_makes_the_answer_estimated(tmp_path):
    packer = Packer()
    packer.add("N1", "1TY", packer.number(Spot("E14001305", ENGLAND, None, exact=False)), terminated=False)
    replace(tmp_path / "i", packer.pack("guesses", []))
    assert ladder.place("N1 1TY", "GB", Index.open(tmp_path / "i")).match is Match.ESTIMATED


def test_a_split_sector_offers_the_candidates_of_its_outward_code_most_likely_first(real_index):
    place = ladder.place("LE7 9YX", "GB", real_index)
    assert place.match is Match.CHOOSE
    assert place.gss_code is None
    assert len(place.candidates) == 7
    assert place.candidates == real_index.candidates("LE7")


def test_no_outward_code_offers_more_than_seven_candidates(real_index):
    assert max(len(real_index.candidates(outward)) for outward in real_index.outward_codes) == 7


def test_without_northern_irish_postcodes_its_eighteen_seats_are_offered(real_index):
    place = ladder.place("BT1 5GS", "GB", real_index)
    assert place.match is Match.CHOOSE
    assert len(place.candidates) == 18


@pytest.mark.parametrize(
    ("postcode", "country", "match", "where"),
    [
        ("90210", "US", Match.OVERSEAS, "US"),
        ("", "fr", Match.OVERSEAS, "FR"),
        ("JE2 3QA", "JE", Match.CROWN_DEPENDENCY, "JE"),
        ("GY9 3AA", "GB", Match.CROWN_DEPENDENCY, "GG"),
        ("GX11 1AA", "GB", Match.OVERSEAS, "GI"),
        ("FIQQ 1ZZ", "", Match.OVERSEAS, "FK"),
        ("BFPO 61", None, Match.BFPO, "GB"),
    ],
)
def test_beyond_westminster_nobody_is_given_an_mp(demo_index, postcode, country, match, where):
    place = ladder.place(postcode, country, demo_index)
    assert (place.match, place.country, place.gss_code, place.candidates) == (match, where, None, ())


def test_without_any_index_every_postcode_is_well_received_and_unknown():
    assert ladder.place("SW1A 1AA", "GB", Index.empty()) == ladder.Place(Match.UNKNOWN)


def test_what_is_no_postcode_is_for_the_person_to_put_right():
    with pytest.raises(NotAPostcode):
        ladder.place("SW1A", "GB", Index.empty())
