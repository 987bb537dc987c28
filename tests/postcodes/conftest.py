"""The real directory, loaded once for all tests that want it."""

from pathlib import Path

import pytest

import shared_data
from undersigned.postcodes import loading
from undersigned.postcodes.index import Index
from undersigned.settings import settings


@pytest.fixture(scope="session")
def shared():
    """How tests of this folder ask for a file of test data."""
    return shared_data.shared


@pytest.fixture(scope="session")
def real_index_path(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("onspd") / "postcodes.index"
    loading.load(shared_data.shared("ONSPD_NOV_2025_UK.zip"), target)
    return target


@pytest.fixture(scope="session")
def real_index(real_index_path) -> Index:
    return Index.open(real_index_path)


@pytest.fixture
def var(tmp_path, monkeypatch) -> Path:
    """A folder of state of our own."""
    monkeypatch.setattr(settings, "var", tmp_path)
    return tmp_path
