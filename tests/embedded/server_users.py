"""Other processes that use an embedded server, and ways to kill one."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

from undersigned.embedded import sharing

USE_IT = """
import sys
from importlib import import_module
from pathlib import Path
server = import_module(sys.argv[1]).start(Path(sys.argv[2]))
print(server.url, flush=True)
sys.stdin.read()
"""


def use_elsewhere(module: ModuleType, var: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its standard input is closed."""
    command = [sys.executable, "-c", USE_IT, module.__name__, str(var)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def url_of(user: subprocess.Popen[str]) -> str:
    """What the other process connects to, once its server has started."""
    assert user.stdout is not None
    return user.stdout.readline().strip()


def leave(user: subprocess.Popen[str]) -> None:
    user.communicate()
    assert user.returncode == 0


def kill_user(user: subprocess.Popen[str]) -> None:
    user.kill()
    user.communicate()


def is_running(home: Path) -> bool:
    """Whether any process of the server lives, going by the lock that they all inherit."""
    with (home / "server.lock").open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def process_number(server: sharing.Server) -> int:
    found = [server.home / name for name in ("data/postmaster.pid", "server.pid")]
    return int(next(file for file in found if file.exists()).read_text().split()[0])


def kill_outright(server: sharing.Server) -> None:
    os.kill(process_number(server), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_running(server.home):
        assert time.monotonic() < deadline, "the server's children did not follow it"
        time.sleep(0.02)
