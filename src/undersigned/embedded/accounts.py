"""Whom an embedded server runs as: ourselves, or somebody unprivileged when we are root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from undersigned.embedded import ServerWouldNotStart

STAND_INS = ("postgres", "nobody")

# Under a folder such as /root the stand-in cannot even reach its own files. It is then lent the right to
# pass through, rather than changing the modes of folders that are not ours. Containers often hold back the
# first of these rights and grant the second.
RIGHTS_OF_WAY = ("dac_read_search", "dac_override")


@dataclass(frozen=True)
class Account:
    """Somebody to run commands as, with at most one capability that is otherwise root's."""

    uid: int
    gid: int
    capability: str | None = None

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, *command: str | Path, keep: Sequence[int] = (), typed: str = "") -> tuple[int, str]:
        """Run ``command`` to its end as this account: its exit status and all that it said.

        The file descriptors in ``keep`` are passed on and ``typed`` is its input.
        Raises OSError or SubprocessError when it cannot be run as this account at all.
        """
        changes = self.uid if not self.is_us and not self.capability else None
        result = subprocess.run(  # noqa: S603
            [*self._right_of_way(), *map(str, command)],
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            cwd="/",
            env=_environment(),
            umask=0o077,
            pass_fds=keep,
            user=changes,
            group=None if changes is None else self.gid,
            extra_groups=None if changes is None else [],
        )
        return result.returncode, result.stdout

    def take(self, path: Path) -> None:
        """Give this account what root has just made."""
        if not self.is_us:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, folder: Path, program: Path) -> bool:
        """Ask the system itself, because modes alone do not tell the whole story."""
        test = 'test -x "$1" && test -w "$2" && test -x "$2"'
        try:
            status, _ = self.run("/bin/sh", "-c", test, "sh", program, folder)
        except (OSError, subprocess.SubprocessError):
            return False
        return status == 0

    def _right_of_way(self) -> list[str]:
        if self.capability is None:
            return []
        return [
            shutil.which("setpriv") or "setpriv",
            f"--reuid={self.uid}",
            f"--regid={self.gid}",
            "--clear-groups",
            f"--inh-caps=+{self.capability}",
            f"--ambient-caps=+{self.capability}",
            # Otherwise access(2), which initdb asks about its neighbours, takes no notice of capabilities.
            "--securebits=+no_setuid_fixup",
            "--",
        ]


def owner_of(folder: Path, program: Path) -> Account:
    """The account to run ``program`` as, with its state in ``folder``, which is made when missing.

    A folder that already belongs to somebody stays theirs, so that root and its owner share one server.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    holder = folder.stat()
    us = Account(os.geteuid(), os.getegid())
    if us.uid != 0:
        if holder.st_uid != us.uid:
            raise ServerWouldNotStart(
                f"{folder} belongs to another user: set UNDERSIGNED_VAR to a folder of yours."
            )
        return us
    account = Account(holder.st_uid, holder.st_gid) if holder.st_uid else _stand_in()
    account.take(folder)
    return _able(account, folder, program)


def _stand_in() -> Account:
    for name in STAND_INS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServerWouldNotStart(
        "PostgreSQL does not run as root, and there is no “postgres” or “nobody” account to run it as: "
        "set DATABASE_URL, or start as an ordinary user."
    )


def _able(account: Account, folder: Path, program: Path) -> Account:
    for capability in (None, *RIGHTS_OF_WAY):
        candidate = replace(account, capability=capability)
        if candidate.reaches(folder, program):
            return candidate
    raise ServerWouldNotStart(
        f"We are root, so {program.name} must run as user number {account.uid}, which cannot reach {folder} "
        f"and {program}: set UNDERSIGNED_VAR to a folder it can reach, or set DATABASE_URL and REDIS_URL."
    )


def _environment() -> dict[str, str]:
    # PGDATA, PGPORT and their like would change what PostgreSQL's own programs do.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
