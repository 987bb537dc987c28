"""The benchmark of postcodes runs, has the agreed shape, and meets the aim that no machine can spoil."""

import json
import os
import subprocess
import sys

import pytest

from undersigned.settings import settings


@pytest.mark.usefixtures("migrated")
def test_a_look_up_is_a_hundred_times_as_fast_as_postgresql() -> None:
    environment = os.environ | {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    command = [sys.executable, "-m", "undersigned.commands", "bench", "postcodes", "--quick", "--json"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    measured = json.loads(said.stdout)
    assert measured.keys() == {"name", "ours", "peers", "ratios", "targets"}
    assert all(target.keys() == {"what", "aim", "got", "met"} for target in measured["targets"])
    assert measured["ratios"]["times as fast as PostgreSQL"] >= 100
    assert measured["ours"]["/api/postcodes (requests a second, one process)"] > 0


def test_a_benchmark_that_is_not_there_is_refused_in_one_line() -> None:
    environment = os.environ | {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    command = [sys.executable, "-m", "undersigned.commands", "bench", "../secrets"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "postcodes" in said.stderr
