"""The benchmark of the mailroom runs in the agreed shape and loses nothing; how fast is not asked."""

import json

from bench import mailroom


def test_every_reply_is_filed_and_junk_leaves_next_to_nothing() -> None:
    measured = mailroom.run(quick=True, replies=20, junk=40)
    assert measured == json.loads(json.dumps(measured))
    assert measured.keys() == {"name", "ours", "peers", "ratios", "targets"}
    assert all(target.keys() == {"what", "aim", "got", "met"} for target in measured["targets"])
    _, *bounded = measured["targets"]
    assert all(target["met"] for target in bounded)
    assert measured["ours"][mailroom.PASSED_ON] > 0
