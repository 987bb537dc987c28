"""The command line as its user meets it: a process, what it prints, and how it refuses."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from undersigned.settings import settings

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def within(folder: Path) -> Run:
    """Run ``undersigned`` in an empty folder with a var of its own, on the servers of the tests."""

    def undersigned(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
        here = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
        here |= {"UNDERSIGNED_VAR": str(folder / "var"), "SECRET_KEY": settings.secret_key}
        here |= {"BASE_URL": settings.base_url, "COLUMNS": "200"}
        command = [sys.executable, "-m", "undersigned.commands", *words]
        told = {name: value for name, value in (clean | here | environment).items() if value}
        return subprocess.run(command, env=told, cwd=folder, capture_output=True, text=True, timeout=120)

    return undersigned


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line with which a command refused."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line
