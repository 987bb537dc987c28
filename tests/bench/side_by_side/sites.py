"""The programs that are compared: each started as its papers say, with two processes, on one PostgreSQL."""

import contextlib
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from undersigned.embedded import postgresql, valkey
from undersigned.kit.errors import Missing
from undersigned.postcodes import facts
from undersigned.postcodes.index import FILE_NAME
from undersigned.processes import die_with_parent
from undersigned.settings import ROOT

PROCESSES = 2
SECRET = "a key for the benchmarks and for nothing else"
PATIENCE = 60.0
PAGE = 4096
FLOOR = "no database"


@dataclass
class Site:
    """One program under measurement, listening on ``port``; ``log`` is where it says what went wrong."""

    name: str
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path
    database_url: str = ""

    def memory(self) -> float | None:
        """Resident megabytes of all its processes together; None where /proc does not tell."""
        if not Path("/proc/self/statm").exists():
            return None
        return sum(map(_resident, _family(self.process.pid))) / 1e6


@dataclass
class Ground:
    """PostgreSQL and Valkey that nobody else uses, in a folder that goes when the measuring is over."""

    folder: Path
    database_url: str
    redis_url: str
    stack: ExitStack

    def start(self, name: str, command: list[str], database_url: str = "", **environment: str) -> Site:
        """Start a program; ``wait_for`` it before it is asked anything."""
        port = _free_port()
        log = self.folder / f"{name.replace(' ', '-')}.log"
        ours = {"PORT": str(port), "SECRET_KEY": SECRET, "DATABASE_URL": database_url, "GUNICORN_CMD_ARGS": ""}
        command = [word.replace("{port}", str(port)) for word in command]
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.environment() | ours | environment,
                cwd=self.folder,
                stdout=file,
                stderr=file,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.stack.callback(_stop, process)
        return Site(name, port, process, log, database_url)

    def environment(self) -> dict[str, str]:
        """What every program here is told; nothing of whoever measures gets in."""
        path = f"{ROOT / 'src'}:{ROOT / 'tests'}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "PYTHONPATH": path,
            "HOST": "127.0.0.1",
            "UNDERSIGNED_VAR": str(self.folder / "var"),
            "REDIS_URL": self.redis_url,
            "WEB_PROCESSES": str(PROCESSES),
            "PAGES": str(self.folder),
            "GIVEN": str(self.folder / "given.json"),
        }

    def address_of(self, database: str) -> str:
        """The URL of a database of that name on this server."""
        return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{database}"))


@contextmanager
def ground() -> Iterator[Ground]:
    """A folder with freshly started servers, and the demonstration's postcodes in its ``var``."""
    folder = Path(tempfile.mkdtemp(prefix="undersigned-bench-"))
    try:
        with ExitStack() as stack:
            var = folder / "var"
            var.mkdir()
            facts.write_index(var / FILE_NAME)
            database = stack.enter_context(postgresql.start(var))
            redis = stack.enter_context(valkey.start(var))
            yield Ground(folder, database.url, redis.url, stack)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def undersigned(ground: Ground, database_url: str, name: str = "Undersigned") -> Site:
    """Our own web processes, as `undersigned web` starts them."""
    return ground.start(name, ["undersigned.commands", "web"], database_url)


def without_database(ground: Ground) -> Site:
    """Our own application on the same Granian, with nothing kept; see peers/without_database.py."""
    command = [
        *("granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}"),
        *("--workers", str(PROCESSES), "--backpressure", "4000", "--no-access-log", "--log-level", "warning"),
        "bench.peers.without_database:app",
    ]
    return ground.start(FLOOR, command, ground.database_url)


def django(ground: Ground, database_url: str) -> Site:
    """Django under gunicorn."""
    command = [
        *("gunicorn", "--workers", str(PROCESSES), "--bind", "127.0.0.1:{port}", "--log-level", "warning"),
        "bench.peers.django_site:application",
    ]
    return ground.start("Django", command, database_url)


def fastapi(ground: Ground, database_url: str) -> Site:
    """FastAPI under uvicorn."""
    command = [
        *("uvicorn", "--workers", str(PROCESSES), "--host", "127.0.0.1", "--port", "{port}"),
        *("--no-access-log", "--log-level", "warning", "bench.peers.fastapi_site:app"),
    ]
    return ground.start("FastAPI", command, database_url)


def need_peers() -> None:
    """Raises Missing with the command to run when the peers are not installed."""
    wanted = ("django", "gunicorn", "psycopg", "fastapi", "uvicorn", "sqlalchemy", "python_multipart")
    absent = [name for name in wanted if not _installed(name)]
    if absent:
        raise Missing(
            f"The programs that we measure ourselves against are not installed ({', '.join(absent)}). "
            "Run: .venv/bin/pip install --constraint requirements.lock --editable '.[bench]'"
        )


def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:  # Somebody has said that it is not to be found.
        return False


def wait_for(sites: list[Site]) -> None:
    """Return once every site answers. Raises Missing with what one said that does not start."""
    deadline = time.monotonic() + PATIENCE
    for site in sites:
        while not _answers(site.port):
            if site.process.poll() is not None or time.monotonic() > deadline:
                raise Missing(f"{site.name} did not start: {site.log.read_text()[-2000:].strip()}")
            time.sleep(0.05)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == http.client.OK
        finally:
            connection.close()
    return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(15)
    # Whatever it has left of itself goes too; it was started in a group of its own.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(process: int) -> list[int]:
    """A process, its children and theirs."""
    children = Path(f"/proc/{process}/task/{process}/children")
    try:
        below = [int(number) for number in children.read_text().split()]
    except OSError:
        below = []
    return [process, *(one for child in below for one in _family(child))]


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0
