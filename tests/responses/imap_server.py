"""Somebody else's mailbox: Dovecot, on the loopback, with one Maildir for each user."""

import asyncio
import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

needs_dovecot = pytest.mark.skipif(
    shutil.which("dovecot") is None and not os.environ.get("CI"),
    reason="dovecot is not installed (dovecot-imapd); in CI this is a failure",
)
NOBODY = 65_534
"""Whose mail it is when root tests, for Dovecot keeps none for root."""
PASSWORD = "a-password-of-the-tests"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A server that is running."""

    folder: Path
    port: int

    def url(self, user: str, more: str = "") -> str:
        """What IMAP_URL says for this user's mailbox."""
        return f"imap://{user}:{PASSWORD}@127.0.0.1:{self.port}/INBOX{more}"

    @contextlib.contextmanager
    def mailbox(self, user: str) -> Iterator[MailBoxUnencrypted]:
        """The user's own mail program."""
        with MailBoxUnencrypted("127.0.0.1", self.port).login(user, PASSWORD) as mailbox:
            yield mailbox

    def put(self, user: str, *mails: bytes) -> None:
        """Mail comes into the user's mailbox."""
        with self.mailbox(user) as mailbox:
            for raw in mails:
                mailbox.append(raw, "INBOX")

    def left(self, user: str, folder: str = "INBOX") -> int:
        """How many are in a folder, none of them marked as read by us."""
        with self.mailbox(user) as mailbox:
            mailbox.folder.set(folder)
            assert mailbox.uids("SEEN") == []
            return len(mailbox.uids())


@contextlib.contextmanager
def running() -> Iterator[Dovecot]:
    """A Dovecot of our own in a short folder, for its sockets have long names."""
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    us = getpass.getuser()
    group = subprocess.check_output(["id", "-gn"], text=True).strip()
    told = {"folder": folder, "port": port, "user": us, "group": group, "password": PASSWORD}
    told |= {"uid": os.getuid() or NOBODY, "gid": os.getgid() or NOBODY, "login": us if os.getuid() else "nobody"}
    (folder / "mail").mkdir()
    (folder / "mail").chmod(0o777)
    file = folder / "dovecot.conf"
    file.write_text(CONFIGURATION.format(**told))
    process = subprocess.Popen(["dovecot", "-F", "-c", str(file)], stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, folder)
        yield Dovecot(folder, port)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, folder: Path) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    log = folder / "log"
    raise AssertionError(log.read_text() if log.exists() else "Dovecot did not start.")


async def until(true: object) -> None:
    """Wait for a fact."""
    for _ in range(400):
        if await true():  # type: ignore[operator]
            return
        await asyncio.sleep(0.02)
    raise AssertionError("It never came true.")
