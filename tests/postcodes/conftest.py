"""The real directory, loaded once for all tests that want it."""

import os
from pathlib import Path

import pytest

from undersigned.postcodes import loading
from undersigned.postcodes.index import Index
from undersigned.settings import settings

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        reason = f"{name} is not in the folder of test data beside the repository"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return path


@pytest.fixture(scope="session")
def shared():
    """The path of a file of test data; skips without it, fails without it where CI is set."""
    return _shared


@pytest.fixture(scope="session")
def real_index_path(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("onspd") / "postcodes.index"
    loading.load(_shared("ONSPD_NOV_2025_UK.zip"), target)
    return target


@pytest.fixture(scope="session")
def real_index(real_index_path) -> Index:
    return Index.open(real_index_path)


@pytest.fixture
def var(tmp_path, monkeypatch) -> Path:
    """A folder of state of our own."""
    monkeypatch.setattr(settings, "var", tmp_path)
    return tmp_path
