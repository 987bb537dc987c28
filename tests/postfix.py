"""A real mail server of our own: Postfix from Debian, on the loopback, with its own configuration and spool."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from installation import free_port

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/config/people
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
relay_domains = test.example.org
relay_recipient_maps =
transport_maps = regexp:{folder}/config/transport
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 5s
queue_run_delay = 1s
alias_maps =
alias_database =
"""
PEOPLE = ("amina", "harriet.vale.mp", "idris", "operator", "later.nobody")
TRANSPORT = r"""
/^later\.nobody@example\.org$/  gone:
/@test\.example\.org$/  lmtp:inet:127.0.0.1:{mailroom}
"""
MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
gone unix - n n - - pipe user=nobody argv=/bin/sh -c {{exit 67}}
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """It takes mail for PEOPLE at example.org, and hands what comes for us to our mailroom, if one listens."""

    def __init__(self, folder: Path, mailroom_port: int) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        for name in ("config", "spool", "data", "mail"):
            (folder / name).mkdir()
        owner = _account("nobody")
        os.chown(folder / "mail", *owner)
        os.chown(folder / "data", *_account("postfix"))
        told = {"folder": folder, "port": self.port, "uid": owner[0], "gid": owner[1]}
        for name, text in (("main.cf", MAIN), ("master.cf", MASTER)):
            (folder / "config" / name).write_text(text.format(**told))
        (folder / "config" / "people").write_text("".join(f"{who}@example.org {who}/\n" for who in PEOPLE))
        (folder / "config" / "transport").write_text(TRANSPORT.replace("{mailroom}", str(mailroom_port)))

    def command(self, word: str) -> None:
        """What its administrator types."""
        done = subprocess.run(
            ["postfix", "-c", str(self.folder / "config"), word], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr + self.log

    def empty(self) -> None:
        """Take everything out of every mailbox."""
        for box in (self.folder / "mail").iterdir():
            shutil.rmtree(box)

    @property
    def log(self) -> str:
        """What it has written down."""
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def arrived(self, who: str, many: int = 1, patience: float = 15) -> list[EmailMessage]:
        """So many messages that are in somebody's Maildir, as soon as they are."""
        deadline = time.monotonic() + patience
        folder = self.folder / "mail" / who / "new"
        while len(files := list(folder.glob("*"))) < many:
            assert time.monotonic() < deadline, f"{len(files)} of {many} came for {who}: {self.log[-2000:]}"
            time.sleep(0.05)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(files)]

    def raw(self, who: str) -> bytes:
        """The bytes of the first message in somebody's Maildir, with the line ends of the wire."""
        self.arrived(who)
        content = next((self.folder / "mail" / who / "new").glob("*")).read_bytes()
        return re.sub(rb"\r?\n", b"\r\n", content)


def _account(name: str) -> tuple[int, int]:
    account = pwd.getpwnam(name)
    return account.pw_uid, account.pw_gid


def why_not() -> str:
    """Why there can be no Postfix here; empty where there can."""
    if not shutil.which("postfix"):
        return "Postfix is not installed (make test installs it for root on Debian)."
    if os.geteuid() != 0:
        return "Postfix can only be started by root."
    return ""


@contextmanager
def running(mailroom_port: int) -> Iterator[Postfix]:
    """A Postfix for as long as it is wanted. Skips where none can be had, save in CI, where it must."""
    reason = why_not()
    if reason and not os.environ.get("CI"):
        pytest.skip(reason)
    assert not reason
    # Its processes run as users of their own, who must be able to get there.
    folder = Path(tempfile.mkdtemp(prefix="undersigned-postfix-"))
    folder.chmod(0o755)
    server = Postfix(folder, mailroom_port)
    server.command("start")
    try:
        yield server
    finally:
        server.command("stop")
        shutil.rmtree(folder, ignore_errors=True)
