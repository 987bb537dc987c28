"""An embedded server is shared by many processes, survives any death, and stops with its last user."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from embedded import server_users as users
from undersigned.embedded import ServerWouldNotStart, sharing


def test_the_server_stops_with_its_only_user(module: ModuleType, tmp_path: Path) -> None:
    with module.start(tmp_path) as server:
        assert users.is_running(server.home)
    assert not users.is_running(server.home)
    assert not server.folder.exists()


def test_releasing_twice_is_harmless(module: ModuleType, tmp_path: Path) -> None:
    server = module.start(tmp_path)
    server.release()
    server.release()
    server.ensure()
    assert not users.is_running(server.home)


def test_two_processes_share_a_server_and_the_last_one_stops_it(module: ModuleType, tmp_path: Path) -> None:
    with module.start(tmp_path) as server:
        guest = users.use_elsewhere(module, tmp_path)
        assert users.url_of(guest) == server.url
        number = users.process_number(server)
    assert users.is_running(server.home)
    assert users.process_number(server) == number
    users.leave(guest)
    assert not users.is_running(server.home)


def test_a_server_outlives_its_killed_user_and_is_adopted(module: ModuleType, tmp_path: Path) -> None:
    user = users.use_elsewhere(module, tmp_path)
    users.url_of(user)
    with module.start(tmp_path) as probe:
        number = users.process_number(probe)
        users.kill_user(user)
        heir = users.use_elsewhere(module, tmp_path)
        users.url_of(heir)
    users.kill_user(heir)
    assert users.is_running(probe.home), "nobody was left to stop it"
    with module.start(tmp_path) as server:
        assert users.process_number(server) == number
    assert not users.is_running(server.home)


def test_starting_at_once_makes_one_server(module: ModuleType, tmp_path: Path) -> None:
    crowd = [users.use_elsewhere(module, tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(len(crowd)) as pool:
        assert len(set(pool.map(users.url_of, crowd))) == 1
    for user in crowd:
        users.leave(user)
    (home,) = tmp_path.iterdir()
    assert not users.is_running(home)


def test_a_killed_server_is_started_again_on_the_same_address(module: ModuleType, tmp_path: Path) -> None:
    with module.start(tmp_path) as server:
        url, number = server.url, users.process_number(server)
        users.kill_outright(server)
        server.ensure()
        assert users.process_number(server) != number
        assert server.url == url
        server.ensure()


def test_the_next_start_recovers_from_a_killed_server_and_user(module: ModuleType, tmp_path: Path) -> None:
    user = users.use_elsewhere(module, tmp_path)
    users.url_of(user)
    with module.start(tmp_path) as server:
        users.kill_user(user)
        users.kill_outright(server)
        with module.start(tmp_path):
            assert users.is_running(server.home)


def test_a_server_that_lost_its_socket_is_replaced(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "LOST", 0.2)
    with module.start(tmp_path) as server:
        shutil.rmtree(server.folder)
        server.ensure()
        assert server.socket.exists()


def test_a_deep_folder_still_has_a_short_socket(module: ModuleType, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a folder with a rather long name"] * 6)
    with module.start(deep) as server:
        assert len(os.fsencode(server.socket)) <= 100
        assert server.folder.stat().st_mode & 0o777 == 0o700


def test_a_planted_socket_folder_is_refused(module: ModuleType, tmp_path: Path) -> None:
    server = module.start(tmp_path)
    server.release()
    server.folder.mkdir(mode=0o777)
    server.folder.chmod(0o777)
    try:
        with pytest.raises(ServerWouldNotStart, match="not a private folder of ours"):
            module.start(tmp_path)
    finally:
        shutil.rmtree(server.folder, ignore_errors=True)


def test_a_large_log_is_set_aside_at_the_next_start(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "LARGEST_LOG", 100)
    for _ in range(3):
        with module.start(tmp_path) as server:
            pass
    logs = sorted(path.name for path in server.home.glob("server.log*"))
    assert logs == ["server.log", "server.log.old"]


def test_state_deleted_under_a_server_does_not_hinder_its_user(module: ModuleType, tmp_path: Path) -> None:
    with module.start(tmp_path) as server:
        number = users.process_number(server)
        shutil.rmtree(server.home)
        if module.__name__.endswith("postgresql"):
            os.kill(number, 3)  # Left alone, PostgreSQL would notice and stop within a minute.
        with pytest.raises(ServerWouldNotStart, match="deleted"):
            for _ in range(200):
                server.ensure()
    shutil.rmtree(server.folder, ignore_errors=True)
