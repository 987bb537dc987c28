"""The embedded Valkey speaks to redis-py, forgets everything, and gives way to an installed server."""

import os
import shutil
from pathlib import Path

import pytest
import redis

from undersigned.embedded import ServerWouldNotStart, valkey


def test_it_answers_and_keeps_nothing(tmp_path: Path) -> None:
    with valkey.start(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.set("colour", "green")
        assert client.config_get("port")["port"] == "0"
    with valkey.start(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("colour") is None


def test_an_installed_server_comes_before_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(valkey.program(), tmp_path / "valkey-server")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert valkey.program() == tmp_path / "valkey-server"
    with valkey.start(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()


def test_failing_to_start_says_why_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "valkey-server"
    broken.write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(ServerWouldNotStart, match="valkey-server did not start: the disk is full") as refusal:
        valkey.start(tmp_path)
    assert "\n" not in str(refusal.value)
