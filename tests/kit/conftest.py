"""What the tests of the kit share: somebody else’s mail server.

A conftest is read before the servers are up, so whatever wants their addresses is imported when it is used.
"""

from collections.abc import AsyncIterator

import pytest

import mail_server
from mail_server import MailServer


@pytest.fixture
async def server(database: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    """The next mail server, which MAIL_URL names."""
    from undersigned.settings import settings

    async with mail_server.running() as running:
        monkeypatch.setattr(settings, "mail_url", running.url)
        yield running
