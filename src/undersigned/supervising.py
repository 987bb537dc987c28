"""Everything on one machine: four processes started together, watched, and stopped together."""

import http.client
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from undersigned.processes import die_with_parent, refuse_if_taken
from undersigned.servers import Servers
from undersigned.settings import settings

log = logging.getLogger(__name__)
PROCESSES = ("web", "worker", "clock", "mailroom")
PATIENCE = 20.0
QUICK = 5.0
LONGEST_WAIT = 15.0


@dataclass
class Child:
    """One of the four, started again when it dies; it waits longer each time it dies at once."""

    name: str
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    failures: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only us and we stop it in our time."""
        command = [sys.executable, "-m", "undersigned.commands", self.name]
        self.process = subprocess.Popen(  # noqa: S603 - ourselves.
            command, start_new_session=True, preexec_fn=die_with_parent
        )
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it again if it has died."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self.failures = self.failures + 1 if now - self.started < QUICK else 0
            self.again_at = now + min(self.failures**2, LONGEST_WAIT)
            log.warning("The %s stopped (%s) and is started again.", self.name, self.process.returncode)
            self.process = None
        if self.process is None and now >= self.again_at:
            self.start()


def run(servers: Servers, ready: Callable[[], None]) -> None:
    """Run the four until SIGINT or SIGTERM; ``ready`` is called once the first page can be had.

    Raises SettingMissing when somebody else listens where we would.
    """
    refuse_if_taken("PORT", settings.host, settings.port)
    refuse_if_taken("MAILROOM_PORT", settings.mailroom_host, settings.mailroom_port)
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: stopping.append(received))
    children = [Child(name) for name in PROCESSES]
    said = False
    try:
        _address_file().write_text(settings.base_url)
        while not stopping:
            servers.ensure()
            for child in children:
                child.look_after()
            if not said and _answers():
                said = True
                ready()
            time.sleep(0.3)
    finally:
        _address_file().unlink(missing_ok=True)
        _stop([child.process for child in children if child.process])


def address_of_running() -> str:
    """Where the site is that runs in this ``var``; empty if none does, or where the settings say it themselves."""
    return _address_file().read_text() if not settings.says_where and _address_file().exists() else ""


def _address_file() -> Path:
    return settings.var / "address"


def _answers() -> bool:
    """Whether the web process serves pages by now."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=1)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Ask kindly, wait, and then insist."""
    for process in processes:
        if process.poll() is None:
            # Only the first of its group: it tells its own children, and a second word would be an insult.
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
