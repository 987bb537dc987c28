"""Towns and distances by outward code, from a file the operator put there and from nowhere else."""

import asyncio
import shutil
import socket

import pytest

from undersigned.postcodes import places
from undersigned.postcodes.postcode import Postcode


@pytest.fixture
def geonames(var, shared):
    (var / "geonames").mkdir()
    shutil.copy(shared("geonames") / "GB.txt", var / "geonames" / "GB.txt")
    return var / "geonames"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Any attempt to reach the network fails the test."""

    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


async def test_without_a_file_every_answer_is_none(var):
    assert await places.town("LE1") is None


async def test_a_file_put_there_later_is_found(var, shared):
    assert await places.town("LE1") is None
    (var / "geonames").mkdir()
    shutil.copy(shared("geonames") / "GB.txt", var / "geonames" / "GB.txt")
    assert (await places.town("LE1")).name == "Leicester"


async def test_a_postcode_has_a_town_and_a_point(geonames):
    town = await places.town(Postcode("LE1", "9BG"))
    assert (town.name, town.county) == ("Leicester", "Leicestershire")
    assert town.latitude == pytest.approx(52.64, abs=0.05)
    assert town.longitude == pytest.approx(-1.13, abs=0.05)


async def test_a_code_of_many_villages_is_named_for_its_county(geonames):
    assert (await places.town("LE7")).name == "Leicestershire"


async def test_what_is_not_known_is_none(geonames):
    assert await places.town("BF1") is None
    assert await places.town("") is None


async def test_many_asking_at_once_share_one_load_and_leave_one_cache(geonames):
    towns = await asyncio.gather(*(places.town(outward) for outward in ["M9", "G2", "CF10", "LS1"] * 5))
    assert {town.name for town in towns} == {"Manchester", "Glasgow", "Cardiff", "Leeds"}
    assert len([path for path in geonames.iterdir() if "cache" in path.name]) == 1


async def test_a_file_of_something_else_is_logged_and_answers_none(var, caplog):
    (var / "geonames").mkdir()
    (var / "geonames" / "GB.txt").write_text("<!doctype html>\n<p>Not found</p>\n")
    assert await places.town("LE1") is None
    assert await places.town("LE2") is None
    assert len(caplog.records) == 1
    assert not [path for path in (var / "geonames").iterdir() if "cache" in path.name]


def test_distance_between_points_is_right_for_a_known_pair():
    assert places.miles((51.5, -0.125), (55.952, -3.175)) == pytest.approx(331, abs=2)
