"""A folder of shipped letters of one's own, so that a test can change what the next release ships."""

import shutil
from pathlib import Path

import pytest

from house.tree import ROOT
from undersigned.letters import template


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of ``letters/``, which the application reads in this test."""
    copied = tmp_path / "letters"
    shutil.copytree(ROOT / "letters", copied)
    monkeypatch.setattr(template, "FOLDER", copied)
    return copied
