"""One server, many processes: whoever comes first starts it, whoever leaves last stops it."""

import atexit
import contextlib
import fcntl
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from subprocess import SubprocessError
from typing import Self

from undersigned.embedded import ServerWouldNotStart, accounts, folders

PATIENCE = 120.0
"""Seconds: recovering after a power cut may take PostgreSQL a while."""

LOST = 5.0
"""Seconds after which a server that runs but has no socket is taken to have lost it."""

LARGEST_LOG = 4_000_000
"""Bytes: at the next start a larger log becomes ``server.log.old``."""


class Server(ABC):
    """A hold on a server that other processes may hold too.

    Three locks in ``home`` make it safe, and the kernel lets go of all three when a process dies, however it
    dies. ``users.lock`` is shared by everybody who uses the server. ``server.lock`` is inherited by the
    server itself and all its children, so that it is free exactly when not one of them is left; no process
    number is ever trusted. ``door.lock`` is held for as long as somebody starts or stops the server.
    """

    def __init__(self, home: Path, program: Path, socket_name: str) -> None:
        self.home = home.resolve()
        self.program = program
        self.account = accounts.owner_of(self.home, program)
        self.folder = folders.for_sockets(self.home, self.account)
        self.socket = self.folder / socket_name
        self.log = self.home / "server.log"
        self._logged_before = 0
        self._process = os.getpid()
        self._seat: int | None = None
        self._join()

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients connect; it stays the same for as long as the state does."""

    @abstractmethod
    def _launch(self, lock: int) -> None:
        """Start the server as a daemon that inherits ``lock``; whatever an earlier one left is stale."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the server takes work now."""

    @abstractmethod
    def _halt(self) -> None:
        """Ask the server to stop, and wait until it has."""

    def ensure(self) -> None:
        """Start the server again if it has died; this costs microseconds when it has not.

        Raises ServerWouldNotStart. After ``release`` it does nothing.
        """
        if self.socket.exists() and self._is_running():
            return
        with self._door():
            if self._seat is not None:
                self._bring_up()

    def release(self) -> None:
        """Let go of the server, and stop it if nobody else holds it; a second call does nothing."""
        if os.getpid() != self._process:
            return  # A fork shares its parent's lock, and must not give it up for both.
        # Somebody may have deleted the state under us; there is no door then, and still a server to stop.
        with self._door() if self.home.exists() else contextlib.nullcontext():
            if self._seat is None:
                return
            seat, self._seat = self._seat, None
            if _lock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB):
                self._stop()
            os.close(seat)
        atexit.unregister(self.release)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _join(self) -> None:
        with self._door():
            seat = self._open("users.lock")
            _lock(seat, fcntl.LOCK_SH)
            try:
                self._bring_up()
            except BaseException:
                os.close(seat)
                self._tidy()
                raise
            self._seat = seat
        atexit.register(self.release)

    def _bring_up(self) -> None:
        """Return when the server answers, having started it if need be; call this inside the door."""
        began, launched = time.monotonic(), False
        while time.monotonic() - began < PATIENCE:
            with self._claim() as claim:
                if claim is not None and launched:
                    raise ServerWouldNotStart(f"{self.program.name} started and died: {self._last_words()}")
                if claim is not None:
                    self._start(claim)
                    launched = True
            if self._answers():
                return
            if not self.socket.exists() and time.monotonic() - began > LOST:
                self._halt()
            time.sleep(0.05)
        raise ServerWouldNotStart(f"{self.program.name} did not answer in {PATIENCE:.0f} s: {self._last_words()}")

    def _start(self, claim: int) -> None:
        folders.make_private(self.folder, self.account)
        self._bound_the_log()
        try:
            self._launch(claim)
        except (OSError, SubprocessError) as error:
            raise ServerWouldNotStart(f"{self.program.name} could not be run: {error}") from error

    def _bound_the_log(self) -> None:
        self._logged_before = 0
        with contextlib.suppress(FileNotFoundError):
            self._logged_before = self.log.lstat().st_size
        if self._logged_before > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
            self._logged_before = 0

    def _stop(self) -> None:
        if not self.home.exists():
            self._halt()
        elif self._is_running():
            self._halt()
            self._await_its_end()
        self._tidy()

    def _tidy(self) -> None:
        """Remove the socket folder, unless a server that did start has its socket in it."""
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _await_its_end(self) -> None:
        deadline = time.monotonic() + LOST
        while self._is_running() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _is_running(self) -> bool:
        lock = self._open("server.lock")
        try:
            return not _lock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        finally:
            os.close(lock)

    @contextlib.contextmanager
    def _claim(self) -> Iterator[int | None]:
        """The lock that a server about to be started must inherit, or None while one is running."""
        lock = self._open("server.lock")
        try:
            yield lock if _lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB) else None
        finally:
            os.close(lock)

    @contextlib.contextmanager
    def _door(self) -> Iterator[None]:
        lock = self._open("door.lock")
        try:
            _lock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _open(self, name: str) -> int:
        path = self.home / name
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except FileNotFoundError as error:
            raise ServerWouldNotStart(f"{self.home} was deleted while its server ran.") from error
        if os.fstat(lock).st_uid != self.account.uid:
            self.account.take(path)
        return lock

    def _last_words(self, said: str = "") -> str:
        """The end of what the server logged since we started it, or else of what it ``said`` before that."""
        with contextlib.suppress(FileNotFoundError), self.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._logged_before)
            said = log.read() or said
        return one_line(said)


def process_number(file: Path, mentioning: Path) -> int | None:
    """The process that ``file`` names, or None when its command line does not mention a path of ours.

    The number may have been given to another program since, which must not be stopped in our server's place.
    """
    try:
        number = int(file.read_text().split()[0])
        if not Path("/proc/self/cmdline").exists():
            return number  # On macOS the server's lock, which somebody holds, has to be proof enough.
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return number if os.fsencode(mentioning) in command else None


def one_line(said: str) -> str:
    """The last words of a program, which usually say why it gave up."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "it did not say why."


def _lock(file: int, how: int) -> bool:
    """Whether the lock was got; only ``LOCK_NB`` ever answers no."""
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    return True
