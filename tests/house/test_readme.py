"""Every command in the README does what it says, in the order in which it says it."""

import csv
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

import postcode_files
from house.tree import ROOT
from undersigned.embedded import postgresql
from undersigned.postcodes.seats import SEATS

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line]
PROCESSES = [f".venv/bin/undersigned {name}" for name in ("web", "worker", "clock", "mailroom")]
IN_A_FRESH_COPY = ["make run", "make test", "make setup"]
# It needs Docker and a registry; the README says that no check of ours has built it.
NOT_RUN = ["docker compose --file docker/compose.yml up --build --detach"]
ONCE = [line for line in COMMANDS if line not in {*PROCESSES, *IN_A_FRESH_COPY, *NOT_RUN}]
NewDatabase = Callable[[str], Awaitable[str]]


@pytest.fixture
async def newcomer(tmp_path: Path, new_database: NewDatabase) -> dict[str, str]:
    """The folder of somebody who follows the README, and their environment."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    lines = postcode_files.whole_country(with_ni=False)
    directory = postcode_files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", lines)
    postcode_files.zipped(tmp_path / "ONSPD_NOV_2025_UK.zip", directory)
    _members(tmp_path / "mps.csv")
    from_outside = {
        name: value for name, value in os.environ.items() if name not in {"DEMO", "BASE_URL", "MAIL_URL"}
    }
    return from_outside | {
        "PATH": f"{postgresql.binary('pg_dump').parent}:{os.environ['PATH']}",
        "DATABASE_URL": await new_database("newcomer"),
        "NEW_DATABASE_URL": await new_database("newcomer_again"),
        "UNDERSIGNED_VAR": "var",
        "SECRET_KEY": "a key for the readme and for nothing else",
        "PORT": str(_free_port()),
        "MAILROOM_PORT": str(_free_port()),
    }


def _members(path: Path) -> None:
    """An invented member for every seat."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["gss_code", "constituency", "name_display", "name_full_title", "party", "email"])
        for number, seat in enumerate(sorted(SEATS), 1):
            name = f"Member {number}"
            rows.writerow([seat, f"Seat {number}", name, f"{name} MP", "Example Party", f"mp{number}@example.org"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_commands_are_all_here() -> None:
    assert set(COMMANDS) >= {*PROCESSES, *IN_A_FRESH_COPY, *NOT_RUN}
    assert len(ONCE) >= 12
    assert all(line.startswith((".venv/bin/undersigned ", "pg_", "tar ")) for line in ONCE)


def test_every_file_that_the_papers_link_to_is_there() -> None:
    for paper in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / paper).read_text(encoding="utf-8"))
        assert [name for name in linked if not (ROOT / name).exists()] == []


@pytest.mark.slow
async def test_the_commands_that_end_succeed_one_after_another(newcomer: dict[str, str], tmp_path: Path) -> None:
    _run(".venv/bin/undersigned migrate", tmp_path, newcomer)
    said = {command: _run(command, tmp_path, newcomer) for command in ONCE}
    by_word = {word: text for command, text in said.items() for word in [command.partition("undersigned ")[2]]}
    assert "632 constituencies, release ONSPD November 2025" in by_word["postcodes load ONSPD_NOV_2025_UK.zip"]
    assert "650 seats: 650 filled" in by_word["representatives status"]
    assert "Delivery is in rehearsal" in by_word["delivery status"]
    assert re.search(r"^http\S+/staff/sign-in/\S+$", by_word["staff invite you@example.org"], re.MULTILINE)
    assert (tmp_path / "undersigned.dump").stat().st_size > 1_000
    again = newcomer | {"DATABASE_URL": newcomer["NEW_DATABASE_URL"]}
    assert "650 filled" in _run(".venv/bin/undersigned representatives status", tmp_path, again)
    _run("mkdir elsewhere && tar -xzf undersigned-var.tar.gz -C elsewhere", tmp_path, newcomer)
    assert (tmp_path / "elsewhere" / "var" / "postcodes.index").is_file()


@pytest.fixture
def started(newcomer: dict[str, str], tmp_path: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """The four processes, each from its own line of the README."""
    _run(".venv/bin/undersigned migrate", tmp_path, newcomer)
    log = (tmp_path / "log").open("ab")
    running = [
        subprocess.Popen(line.split(), cwd=tmp_path, env=newcomer, stdout=log, stderr=log) for line in PROCESSES
    ]
    yield running
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()
    log.close()


async def test_the_four_processes_run_apart_and_stop_when_told(
    started: list["subprocess.Popen[bytes]"], newcomer: dict[str, str], tmp_path: Path
) -> None:
    _wait_for(lambda: _ready(newcomer["PORT"]), tmp_path / "log")
    _wait_for(lambda: _listens(newcomer["MAILROOM_PORT"]), tmp_path / "log")
    _wait_for(lambda: "Worker process is ready" in (tmp_path / "log").read_text(), tmp_path / "log")
    assert [process.poll() for process in started] == [None] * 4
    for process in started:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(30) for process in started] == [0] * 4, (tmp_path / "log").read_text()


def _ready(port: str) -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2)
    except httpx.TransportError:
        return False
    said = answer.json()
    return answer.status_code == 200 and (said["database"], said["redis"]) == ("ok", "ok")


def _listens(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


def _wait_for(look: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
