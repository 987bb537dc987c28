"""The soak finds every letter again, and says so when one is lost, in little."""

import json

import pytest

from bench import soak
from undersigned.kit.errors import Missing


def test_a_few_letters_under_two_blows_are_all_accounted_for() -> None:
    measured = soak.run(quick=True, many=40, blows=2)
    assert measured == json.loads(json.dumps(measured))
    assert measured.keys() == {"name", "ours", "peers", "ratios", "targets"}
    ours = measured["ours"]
    assert ours["letters"] == 40
    assert ours["acknowledged, every one of them arrived"] + ours["unknown, and said to be"] == 40
    assert ours["times that clock was killed"] == ours["times that valkey was killed"] == 1


def test_a_letter_that_was_acknowledged_and_did_not_arrive_is_told_in_a_sentence() -> None:
    rows = [soak._Letter("<1@x>", "sent", ["accepted"]), soak._Letter("<2@x>", "sent", ["postponed", "unknown"])]
    found = soak._account(rows, [(0.0, "<1@x>", "a"), (0.1, "<2@x>", "b"), (0.2, "<2@x>", "b")], 2)
    assert found["unknown, and arrived"] == found["arrived twice under one Message-ID"] == 1
    with pytest.raises(Missing, match="1 were acknowledged and did not arrive"):
        soak._account(rows, [(0.1, "<2@x>", "b")], 2)
    with pytest.raises(Missing, match="1 arrived that nobody wrote"):
        soak._account(rows, [(0.0, "<1@x>", "a"), (0.1, "<3@x>", "b")], 2)
    rows[1].state = "sending"
    with pytest.raises(Missing, match="1 cannot be explained"):
        soak._account(rows, [(0.0, "<1@x>", "a"), (0.1, "<2@x>", "b")], 2)
