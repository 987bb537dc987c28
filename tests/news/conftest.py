"""A campaign that has news."""

from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from undersigned.campaigns.tables import Campaign


@pytest.fixture
async def campaign(client: httpx.AsyncClient) -> "Campaign":
    """A campaign with one piece of news; Owen is signed in."""
    import make
    from news.readers import news
    from staff.visits import sign_in

    made = await make.campaign(slug="light")
    await news(made)
    await sign_in(client)
    return made
