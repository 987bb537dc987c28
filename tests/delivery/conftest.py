"""What the tests of delivery share: somebody else's mail server, and a letter that is ready to go.

A conftest is read before the servers are up, so whatever wants their addresses is imported when it is used.
"""

from collections.abc import AsyncIterator

import httpx
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


@pytest.fixture
async def live(database: None) -> None:
    """A member of staff has switched delivery to live."""
    from undersigned.delivery import switch

    await switch.turn(switch.LIVE, "We are ready.")


@pytest.fixture
async def letter_page(client: httpx.AsyncClient) -> str:
    """Amina's letter to Harriet Vale MP, confirmed and in the queue; the address of its page."""
    import front_door
    import make

    await make.mp()
    return await front_door.queued(client, await make.campaign())
