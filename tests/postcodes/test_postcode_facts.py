"""The typed facts: forty buildings that anybody can check."""

import csv
import re
from collections import Counter, defaultdict

from undersigned.postcodes import facts, places
from undersigned.postcodes.facts import BUILDINGS
from undersigned.postcodes.index import Index
from undersigned.postcodes.seats import SEATS, country_of


def test_there_are_forty_buildings_in_four_nations_and_no_postcode_twice():
    assert len(BUILDINGS) == len({building.postcode for building in BUILDINGS}) == 40
    nations = Counter(country_of(building.gss_code) for building in BUILDINGS)
    assert len(nations) == 4
    assert min(nations.values()) >= 4
    assert all(building.gss_code in SEATS for building in BUILDINGS)


def test_every_building_in_britain_stands_where_the_directory_says(real_index):
    for building in BUILDINGS:
        if not str(building.postcode).startswith("BT"):
            found = real_index.find(building.postcode)
            assert (found.gss_code, found.police_force_area) == (
                building.gss_code,
                building.police_force_area,
            )
            assert not found.terminated


def test_every_constituency_is_called_what_parliament_calls_it(shared):
    with shared("constituencies.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["gss_code"]: row for row in csv.DictReader(file)}
    for building in BUILDINGS:
        row = rows[building.gss_code]
        assert building.constituency == row["name"]
        # The middle of Orkney and Shetland is far from either's town hall; elsewhere it is much nearer.
        middle = float(row["lat"]), float(row["long"])
        assert places.miles((building.latitude, building.longitude), middle) < 110


def test_the_demo_index_knows_every_building_exactly(tmp_path):
    facts.write_index(tmp_path / "deep" / "demo.index")
    demo = Index.open(tmp_path / "deep" / "demo.index")
    assert (demo.release, demo.rows, len(demo.licence)) == ("demo", 40, 3)
    for building in BUILDINGS:
        found = demo.find(building.postcode)
        assert (found.gss_code, found.police_force_area, found.exact) == (
            building.gss_code,
            building.police_force_area,
            True,
        )


def test_every_postcode_area_lies_round_its_town(shared):
    with (shared("geonames") / "GB.txt").open(encoding="utf-8") as file:
        lines = [line.split("\t") for line in file]
    points = defaultdict(list)
    for line in lines:
        points[re.match("[A-Z]+", line[1])[0]].append((float(line[9]), float(line[10])))
    for area, town in facts.AREAS.items():
        near = sorted(places.miles(town, point) for point in points[area])
        assert near[0] < 12, area
        assert near[len(near) // 2] < 60, area


def test_an_outward_code_without_a_building_is_placed_in_its_area():
    assert facts.point_of("BL9") == (53.590, -2.299)
    assert facts.point_of("OL1") == facts.point_of("OL16") == facts.AREAS["OL"]
    assert facts.point_of("EC1A") == facts.AREAS["EC"]
    assert facts.point_of("ZZ1") is None
