"""The folder of test data beside the repository, which is never committed."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """The path of a file of test data; skips without it, fails without it where CI is set."""
    path = SHARED / name
    if not path.exists():
        reason = f"{name} is not in the folder of test data beside the repository"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return path
