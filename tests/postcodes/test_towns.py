"""From the name of a town to where it is: one, several to choose from, or none."""

import shutil

import pytest

from undersigned.postcodes import places, towns
from undersigned.settings import settings


@pytest.fixture
def geonames(var, shared):
    (var / "geonames").mkdir()
    shutil.copy(shared("geonames") / "GB.txt", var / "geonames" / "GB.txt")


async def said(typed: str) -> list[str]:
    return [f"{town.name}, {town.county}" for town in await towns.find(typed)]


@pytest.mark.parametrize("typed", ["Hertford", "hertford ", "HERTFORD", "Hertford, Hertfordshire"])
async def test_a_town_of_which_there_is_one_has_its_point(geonames, typed):
    (town,) = await towns.find(typed)
    assert (town.name, town.county) == ("Hertford", "Hertfordshire")
    assert town.point == pytest.approx((51.796, -0.079), abs=0.01)


@pytest.mark.parametrize("typed", ["St. Alban's", "Saint Albans", "st albans"])
async def test_a_name_is_the_same_however_it_is_spelt(geonames, typed):
    assert await said(typed) == ["St Albans, Hertfordshire"]


async def test_a_name_that_many_towns_have_is_a_choice_and_the_county_decides(geonames):
    choices = await said("Newport")
    assert {"Newport, Shropshire", "Newport, Isle of Wight"} <= set(choices)
    assert 2 < len(choices) <= towns.MOST_CHOICES
    assert await said("newport, shropshire") == ["Newport, Shropshire"]
    assert await said("Newport, Kent") == []


async def test_the_city_that_everybody_means_is_not_asked_about(geonames):
    assert await said("Bradford") == ["Bradford, West Yorkshire"]


async def test_a_city_in_several_counties_is_one(geonames):
    assert await said("Edinburgh") == ["Edinburgh, City of Edinburgh"]


async def test_what_people_leave_away_is_found(geonames):
    assert {"Newcastle upon Tyne, Tyne and Wear", "Newcastle-under-Lyme, Staffordshire"} <= set(
        await said("Newcastle")
    )


@pytest.mark.parametrize("typed", ["Nowhere at all", "", "(((.*", ",", "'; DROP TABLE centre"])
async def test_what_is_no_town_is_none(geonames, typed):
    assert await towns.find(typed) == []


async def test_a_slip_of_the_pen_is_answered_with_what_it_is_like(geonames):
    assert (await towns.like("Hertfrod"))[0] == "Hertford"
    assert await towns.like("zzzzzz") == []


async def test_without_a_file_no_town_is_known_but_in_a_demo(var, monkeypatch):
    assert places.edition() == ""
    assert await said("Leicester") == []
    monkeypatch.setattr(settings, "demo", True)
    assert (await towns.find("leicester"))[0].name == "Leicester"
