"""The command line: shown before it is applied, one line when it is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import make
from undersigned.kit import database as db
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("database")
LIST = "gss_code,constituency,name_display,name_full_title,party,email,member_id\n"
HARRIET = "E14001144,Bury North,Harriet Vale,Harriet Vale MP,Commonwealth Party,hv@example.org,1\n"
UNA = "E14001144,Bury North,Una Reed,Una Reed MP,Reed Party,ur@example.org,2\n"


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    command = [sys.executable, "-m", "undersigned.commands", *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )


@pytest.fixture
def members(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(LIST + HARRIET)
    return path


async def test_a_list_is_shown_asked_about_and_applied(members: Path) -> None:
    tried = run("representatives", "load", str(members), "--dry-run")
    assert "New: 1\n  Harriet Vale (Bury North)\nNothing was changed." in tried.stdout
    assert await db.fetch("SELECT FROM representative") == []
    # Nothing that we hold would go, so there is nothing to ask.
    assert "1 new" in run("representatives", "load", str(members)).stdout
    members.write_text(LIST + UNA)
    refused = run("representatives", "load", str(members))
    assert refused.returncode == 1
    assert refused.stderr == "Error: Nothing was changed. Run it again with --yes to apply this.\n"
    assert "Left: 1\n  Harriet Vale (Bury North)" in refused.stdout
    assert "1 new, 1 left" in run("representatives", "load", str(members), "--yes").stdout


async def test_staff_correct_vacate_close_and_open(members: Path) -> None:
    await make.mp()
    said = run(
        "representatives", "correct", "Bury North", "--email", "Office@example.org", "--note", "Ask for Sam."
    )
    assert said.stdout == "Harriet Vale MP: email; lists will leave it alone.\n"
    assert run("representatives", "correct", "Bury North").returncode == 2
    assert "1 seats closed." in run("representatives", "close", "--all", "--reason", "Dissolved.").stdout
    assert run("representatives", "close", "--reason", "Dissolved.").returncode == 2
    assert "1 seats opened." in run("representatives", "open", "Bury North").stdout
    assert "no longer sits" in run("representatives", "vacate", "E14001144", "--reason", "resigned").stdout
    refused = run("representatives", "correct", "Bury North", "--post")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "No list of members is waiting." in run("representatives", "waiting").stdout


async def test_seats_come_from_a_list_of_codes_and_names(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("PCON24CD,PCON24NM\nE14001144,Bury North\nS14000006,Una and Lark\n")
    assert run("representatives", "seats", str(path)).stdout == "2 constituencies.\n"
    rows = await db.fetch("SELECT gss_code, name, country FROM constituency ORDER BY gss_code")
    assert [tuple(row.values()) for row in rows] == [
        ("E14001144", "Bury North", "England"),
        ("S14000107", "Una and Lark", "Scotland"),
    ]
    path.write_text("PCON24CD,PCON24NM\nE14000530,Aldershot\n")
    refused = run("representatives", "seats", str(path))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
