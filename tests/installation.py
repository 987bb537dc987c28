"""An installation of its own: `undersigned up` in a process, with an empty var, as a newcomer starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from journey.visitor import wait_for


class Site:
    """`undersigned up` with a var of its own; it can be killed and started again."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self._more = environment
        self.port, self.mailroom_port = free_port(), free_port()
        self.log = var.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it says that it can be visited."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(_command("up"), env=self._environment(), stdout=log, stderr=log)
        greetings = self.log.read_text().count("Stop with")
        wait_for(lambda: self._has_greeted(greetings) or None, "the site", 90)

    def _has_greeted(self, before: int) -> bool:
        """Whether it has said once more how to stop it, the last line of its greeting."""
        assert self.process is not None
        said = self.log.read_text()
        assert self.process.poll() is None, f"The site would not start: {said[-3000:]}"
        return said.count("Stop with") > before

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does, and answer its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def sign_in_link(self) -> str:
        """The one-time link that it printed for the first member of staff."""
        return re.findall(r"http\S+/staff/sign-in/\S+", self.log.read_text())[-1]

    def invite(self, email: str) -> str:
        """Invite one more member of staff from the command line, and answer the link that it prints."""
        return re.findall(r"http\S+/staff/sign-in/\S+", self.run("staff", "invite", email).stdout)[0]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command on this site, as its operator does."""
        return subprocess.run(
            _command(*words), env=self._environment(), capture_output=True, text=True, timeout=60
        )

    def processes(self, name: str) -> list[int]:
        """The processes of this site whose command line holds ``name``."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and _belongs(folder, self.var, name):
                found.append(int(folder.name))
        return found

    def _environment(self) -> dict[str, str]:
        ours = {"DATABASE_URL", "REDIS_URL", "MAIL_URL", "BASE_URL", "SECRET_KEY", "OPERATOR_EMAIL"}
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        return environment | {
            "UNDERSIGNED_VAR": str(self.var),
            "PORT": str(self.port),
            "MAILROOM_PORT": str(self.mailroom_port),
            "DEMO": "1",
            **self._more,
        }


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "undersigned.commands", *words]


def _belongs(folder: Path, var: Path, name: str) -> bool:
    try:
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        environment = (folder / "environ").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return name in command and str(var) in command + environment


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
