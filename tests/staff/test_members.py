"""Who is on the staff, from the command line."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import make
from front_door import row
from installation import Site
from undersigned import supervising
from undersigned.kit import database as db
from undersigned.settings import settings

HERE = "http://test.example.org"


def run(*words: str, without: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    """`undersigned staff …`, as whoever looks after the machine types it."""
    servers = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    environment = {name: value for name, value in (os.environ | servers).items() if name not in without}
    command = [sys.executable, "-m", "undersigned.commands", "staff", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


async def enter(client: httpx.AsyncClient, printed: str) -> None:
    """Press the button behind the link that was printed."""
    answer = await client.post(printed.strip().removeprefix(HERE))
    assert answer.headers["location"] == "/staff"


async def test_whoever_is_invited_again_gets_the_role_that_is_asked_for(client: httpx.AsyncClient) -> None:
    await make.staff()
    await make.staff("editor@example.org", role="editor")
    done = run("invite", "Editor@example.org", "--role", "viewer")
    assert (done.returncode, done.stderr) == (0, "Their role was editor, and is viewer now.\n")
    await enter(client, done.stdout)
    assert "Signed in as Owen, viewer." in (await client.get("/staff")).text
    assert (
        await row("SELECT before->>'role' AS was, after->>'role' AS is FROM audit WHERE act = 'role given'")
    ) == {
        "was": "editor",
        "is": "viewer",
    }


async def test_an_invitation_without_a_role_leaves_everybody_what_they_are(database: None) -> None:
    await make.staff()
    await make.staff("editor@example.org", role="editor")
    assert "still editor" in run("invite", "editor@example.org").stderr
    assert run("invite", "new@example.org").stderr == ""
    roles = await db.fetch("SELECT role FROM staff ORDER BY id")
    assert [one["role"] for one in roles] == ["owner", "editor", "owner"]


async def test_the_list_says_who_may_do_what_and_who_has_come(client: httpx.AsyncClient) -> None:
    assert "Nobody is on the staff yet" in run("list").stdout
    await enter(client, run("invite", "owen@example.org").stdout)
    run("invite", "v@example.org", "--role", "viewer")
    owen, viewer = run("list").stdout.splitlines()
    assert owen.startswith("owen@example.org  owner      signed in on ")
    assert viewer == "v@example.org     viewer     has not signed in yet"


async def test_whoever_is_removed_is_out_at_once_and_no_link_of_theirs_works(client: httpx.AsyncClient) -> None:
    await make.staff()
    await enter(client, run("invite", "editor@example.org", "--role", "editor").stdout)
    spare = run("invite", "editor@example.org").stdout.strip().removeprefix(HERE)
    assert (await client.get("/staff")).status_code == 200
    assert run("remove", "editor@example.org").returncode == 0
    assert (await client.get("/staff")).status_code == 303
    assert (await client.post(spare)).status_code == 422
    assert "editor@example.org" not in run("list").stdout
    again = run("remove", "editor@example.org")
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    await enter(client, run("invite", "editor@example.org").stdout)
    assert (await row("SELECT role FROM staff WHERE email = 'editor@example.org'"))["role"] == "editor"


@pytest.mark.parametrize(
    "words", [("remove", "owen@example.org"), ("invite", "owen@example.org", "--role", "editor")]
)
async def test_the_last_owner_stays_one(database: None, words: tuple[str, ...]) -> None:
    await make.staff()
    await make.staff("editor@example.org", role="editor")
    refused = run(*words)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: Nobody else is an owner")
    assert (await row("SELECT role, disabled_at FROM staff WHERE email LIKE 'owen%'"))["role"] == "owner"
    await make.staff("ada@example.org")
    assert run(*words).returncode == 0


async def test_a_link_leads_to_the_site_that_runs_unless_another_place_is_named(database: None) -> None:
    await make.staff()
    where = settings.var / "address"
    where.write_text("http://127.0.0.1:8300")
    try:
        unsaid = run("invite", "owen@example.org", without=("BASE_URL", "HOST", "PORT"))
        assert unsaid.stdout.startswith("http://127.0.0.1:8300/staff/sign-in/")
        assert run("invite", "owen@example.org").stdout.startswith(f"{HERE}/staff/sign-in/")
        assert supervising.address_of_running() == ""
    finally:
        where.unlink()


def test_a_demonstration_lets_its_owner_in_at_every_start(tmp_path: Path) -> None:
    site = Site(tmp_path / "var")
    links = []
    for _ in range(2):
        site.start()
        try:
            links.append(site.sign_in_link())
            assert httpx.post(links[-1]).headers["location"] == "/staff"
        finally:
            assert site.stop() == 0
    assert links[0] != links[1]
    assert not (site.var / "address").exists()
