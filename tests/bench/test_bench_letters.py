"""The benchmarks of letters run, have the agreed shape, and meet the aims that no machine can spoil."""

import json
from typing import Any

from bench import letters, merge


def _has_the_shape(measured: dict[str, Any], name: str, peer: str) -> None:
    assert measured == json.loads(json.dumps(measured))
    assert measured.keys() == {"name", "ours", "peers", "ratios", "targets"}
    assert (measured["name"], set(measured["peers"])) == (name, {peer})
    assert all(target.keys() == {"what", "aim", "got", "met"} for target in measured["targets"])
    assert all(ratio > 0 for ratio in measured["ratios"].values())


def test_letters_are_laid_out_beside_naive_weasyprint_and_a_bundle_keeps_its_memory() -> None:
    measured = letters.run(quick=True, bundle=20)
    _has_the_shape(measured, "letters", "naive WeasyPrint")
    assert measured["ours"]["bundle: letters"] == 20
    assert measured["ours"]["bundle: pages"] >= 28, "a cover for each of eight readers"
    (_, memory) = measured["targets"]
    assert memory["met"] and memory["aim"] == "≤ 200"


def test_merging_makes_the_letter_that_jinja_would_make() -> None:
    measured = merge.run(quick=True)
    _has_the_shape(measured, "merge", "Jinja's sandbox")
    (aim,) = measured["targets"]
    assert aim["met"], "five thousand merges a second are far fewer than one core makes"
