"""Mail of ours is signed when there is a key, so that whoever gets it can see that it is ours."""

import subprocess
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from command_line import Run
from mail_server import MailServer, Taken
from undersigned.kit import dkim as signing
from undersigned.kit import mail
from undersigned.settings import settings

RECORD = "undersigned._domainkey.test.example.org"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As openssl makes it."""
    file = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(file), "2048"], check=True, capture_output=True)
    return file


def message() -> EmailMessage:
    """News, as it goes to many."""
    made = mail.blank("<one@test.example.org>")
    made["From"], made["To"] = mail.mailbox("Siân", "hello@test.example.org"), "amina@example.org"
    made["Subject"] = "Grüße"
    made["List-Unsubscribe"], made["List-Unsubscribe-Post"] = (
        "<https://example.org/u>",
        "List-Unsubscribe=One-Click",
    )
    made.set_content("Grüße\n.\n..a line that begins with dots\n", cte="quoted-printable")
    return made


def is_ours(taken: Taken, content: bytes | None = None) -> bool:
    """Whether the bytes that arrived bear out the signature, by the record that we tell people to publish."""

    def dns(name: bytes, timeout: int = 5) -> bytes:
        published, text = signing.record()
        assert name.decode().rstrip(".") == published == RECORD
        return text.encode()

    return bool(dkim.verify(content or taken.content, dnsfunc=dns))


async def test_what_arrives_bears_out_its_signature_and_what_was_changed_does_not(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, key: Path
) -> None:
    monkeypatch.setattr(settings, "dkim_key", str(key))
    await mail.hand_over(message(), "hello@test.example.org", "amina@example.org")
    (taken,) = server.taken
    assert is_ours(taken)
    assert not is_ours(taken, taken.content.replace(b"dots", b"spots"))
    assert not is_ours(taken, taken.content.replace(b"One-Click", b"Two-Click"))
    signed = str(taken.message["DKIM-Signature"]).replace(" ", "")
    assert ";d=test.example.org;" in signed
    assert "list-unsubscribe:list-unsubscribe-post" in signed


async def test_without_a_key_nothing_is_signed(server: MailServer) -> None:
    await mail.hand_over(message(), "hello@test.example.org", "amina@example.org")
    assert server.taken[0].message["DKIM-Signature"] is None


def test_the_command_prints_what_belongs_into_dns(run: Run, key: Path) -> None:
    said = run("dkim", DKIM_KEY=str(key), BASE_URL="http://test.example.org")
    name, text = said.stdout.splitlines()
    assert name == f"{RECORD}. TXT"
    assert text.startswith("v=DKIM1; k=rsa; p=MIIB")


@pytest.mark.parametrize("command", ["dkim", "worker"])
def test_a_key_that_is_none_is_told_in_one_line_before_anything_begins(
    run: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "dkim.pem").write_text("no key\n")
    for file, said in (("dkim.pem", "holds no RSA key"), ("nowhere.pem", "cannot be read")):
        refused = run(command, DKIM_KEY=str(tmp_path / file))
        assert refused.returncode == 1
        assert f"DKIM_KEY: {tmp_path / file} {said}" in refused.stderr
        assert refused.stderr.count("\n") == 1
    unset = run("dkim")
    assert "DKIM_KEY is not set" in unset.stderr
