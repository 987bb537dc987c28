"""What the tests of responses share: a domain, a secret and an address of our own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from undersigned.settings import settings

DOMAIN = "letters.example.org"


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose mail comes to letters.example.org."""
    monkeypatch.setattr(settings, "mail_domain", DOMAIN)
    monkeypatch.setattr(settings, "mail_from", f"Undersigned <hello@{DOMAIN}>")
    monkeypatch.setattr(settings, "secret_key", "a secret for the tests of responses")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A drop folder of our own, and a free port."""
    from undersigned.responses import drop_folder

    monkeypatch.setattr(settings, "var", tmp_path)
    monkeypatch.setattr(settings, "mailroom_host", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setattr(settings, "mailroom_port", free.getsockname()[1])
    yield drop_folder.folder()


async def knocking(port: int) -> None:
    """Return as soon as somebody opens."""
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        await writer.wait_closed()
        return
    raise AssertionError("The mailroom did not open.")


@pytest.fixture
async def door(folder: Path, migrated: None) -> AsyncIterator[int]:
    """The port of a mailroom that is open."""
    from undersigned.responses import mailroom

    stop = asyncio.Event()
    running = asyncio.create_task(mailroom.run(stop))
    await knocking(settings.mailroom_port)
    yield settings.mailroom_port
    stop.set()
    await running
