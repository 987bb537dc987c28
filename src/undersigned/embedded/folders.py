"""Private folders for sockets, whose paths are short however deep the state lies."""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from undersigned.embedded import ServerWouldNotStart
from undersigned.embedded.accounts import Account


def for_sockets(home: Path, account: Account) -> Path:
    """Where the server with its state in ``home`` listens: the same answer in every process, in every shell.

    The folder's inode is part of the name, so that a server whose state was deleted under it
    does not take the socket of its successor with it when it goes.
    """
    where = home.stat()
    key = f"{home} {account.uid} {where.st_dev} {where.st_ino}".encode()
    return _system_folder() / f"undersigned-{hashlib.sha256(key).hexdigest()[:16]}"


def make_private(folder: Path, account: Account) -> None:
    """Make ``folder`` for ``account`` alone, and refuse one that somebody else put there first."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    ours = found.st_uid in {account.uid, os.geteuid()}
    if not (ours and stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) & 0o077 == 0):
        raise ServerWouldNotStart(f"{folder} is not a private folder of ours: remove it and try again.")
    account.take(folder)


def _system_folder() -> Path:
    # TMPDIR differs between a shell, cron and systemd, and all of them must find the same socket.
    usual = Path("/tmp").resolve()  # noqa: S108
    return usual if os.access(usual, os.W_OK | os.X_OK) else Path(tempfile.gettempdir()).resolve()
