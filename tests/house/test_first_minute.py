"""The README's two commands in a fresh copy: `make run` reaches a page that can be signed, `make test` tests.

A fresh copy is what a commit of this folder would hold: no virtual environment, no state, nothing that git
ignores. Its packages come through the installer's own cache, or from the index when they are not in it.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.tree import ROOT, kept
from journey.visitor import Visitor
from undersigned.settings import Settings

TEN_MINUTES = 600.0
A_SMALL_TEST = "tests/postcodes/test_postcode.py"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as somebody has just cloned it."""
    folder = tmp_path_factory.mktemp("fresh") / "undersigned"
    for path in kept():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return folder


@pytest.fixture(scope="module")
def newcomer() -> dict[str, str]:
    """The environment of somebody who has set nothing, but for two ports that are free."""
    ours = {"UNDERSIGNED_VAR", "VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}
    ours |= {name.upper() for name in Settings.model_fields} | {"PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST"}
    outside = {name: value for name, value in os.environ.items() if name not in ours}
    return outside | {"PORT": str(_free_port()), "MAILROOM_PORT": str(_free_port())}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def said(copy: Path, newcomer: dict[str, str]) -> Iterator[Path]:
    """What `make run` says, once it has said that it can be visited; stopped as Ctrl-C stops it."""
    log = copy.parent / "said"
    with log.open("wb") as file:
        making = subprocess.Popen(
            ["make", "run"], cwd=copy, env=newcomer, stdout=file, stderr=file, start_new_session=True
        )
    try:
        _wait_until_it_says("Stop with", log, making)
        yield log
    finally:
        if making.poll() is None:
            os.killpg(making.pid, signal.SIGINT)
            making.wait(60)
    assert not _listens(newcomer["PORT"])
    assert not list(copy.glob("var/*/data/postmaster.pid"))


def _wait_until_it_says(words: str, log: Path, making: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + TEN_MINUTES
    while words not in log.read_text():
        assert making.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.3)


def _listens(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


def test_make_run_reaches_a_page_that_can_be_signed(said: Path, copy: Path, newcomer: dict[str, str]) -> None:
    address = f"http://127.0.0.1:{newcomer['PORT']}"
    for line in (f"Undersigned is at     {address}/", f"{address}/demo/inbox", f"{address}/staff/sign-in/"):
        assert line in said.read_text()
    with Visitor(address, copy / "var", int(newcomer["MAILROOM_PORT"])) as amina:
        home = amina.see("/")
        campaign = re.search(r'href="(/campaigns/[\w-]+)"', home.text)
        assert campaign, home.text
        typed = {"name": "Amina Rahman", "email": "amina@example.com", "postcode": "BL9 0SW"}
        answer = amina.post(amina.see(campaign[1]), "/sign", **typed)
        assert answer.status_code == 200
        assert "amina@example.com" in str(amina.mail("amina@example.com", "")["Delivered-To"])


def test_make_test_runs_every_test(said: Path, copy: Path, newcomer: dict[str, str]) -> None:
    """A whole run inside this one would never end: we look at what it would run, and let it run one file."""
    whole = subprocess.check_output(["make", "--dry-run", "test"], cwd=copy, env=newcomer, text=True)
    assert re.search(r"^\.venv/bin/python -m pytest -n 2 --dist loadfile$", whole, re.MULTILINE), whole
    one = newcomer | {"PYTEST_ADDOPTS": A_SMALL_TEST}
    done = subprocess.run(["make", "test"], cwd=copy, env=one, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout), done.stdout


def test_make_check_looks_for_every_kind_of_mistake(copy: Path, newcomer: dict[str, str]) -> None:
    whole = subprocess.check_output(["make", "--dry-run", "check"], cwd=copy, env=newcomer, text=True)
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest tests/house"):
        assert re.search(rf"^\.venv/bin/\S*.*{tool}", whole, re.MULTILINE) or f"bin/{tool}" in whole, whole
