"""The benchmarks of signing run in the agreed shape, lose nothing and meet no error; how fast is not asked."""

import json
from typing import Any

from bench import confirm, grow, read, sign
from bench.side_by_side.rounds import Bounds

A_MOMENT = Bounds(rounds=1, seconds=0.3, connections=8)


def _has_the_shape(measured: dict[str, Any], name: str, peers: set[str]) -> None:
    assert measured == json.loads(json.dumps(measured))
    assert measured.keys() == {"name", "ours", "peers", "ratios", "targets"}
    assert (measured["name"], set(measured["peers"])) == (name, peers)
    assert all(target.keys() == {"what", "aim", "got", "met"} for target in measured["targets"])
    for column in (measured["ours"], *measured["peers"].values()):
        errors = {what: figure for what, figure in column.items() if what.endswith(": errors")}
        assert errors and set(errors.values()) == {0}, column


def test_signing_keeps_every_name_that_it_acknowledged() -> None:
    measured = sign.run(quick=True, bounds=A_MOMENT)
    _has_the_shape(measured, "sign", {"Django", "FastAPI", "no database"})
    for column in (measured["ours"], measured["peers"]["Django"], measured["peers"]["FastAPI"]):
        assert column["acknowledged, every one of them kept"] > 0


def test_confirming_counts_every_name_once() -> None:
    measured = confirm.run(quick=True, bounds=A_MOMENT)
    _has_the_shape(measured, "confirm", {"Django", "FastAPI"})
    for column in (measured["ours"], *measured["peers"].values()):
        assert column["confirmed, every one of them counted once"] > 0


def test_reading_shows_everybody_the_same_page() -> None:
    _has_the_shape(read.run(quick=True, bounds=A_MOMENT), "read", {"Django", "FastAPI"})


def test_growing_compares_a_large_site_with_a_small_one() -> None:
    measured = grow.run(quick=True, bounds=A_MOMENT, many=5_000)
    _has_the_shape(measured, "grow", {"1,000 signatures"})
    assert len(measured["targets"]) == 6
