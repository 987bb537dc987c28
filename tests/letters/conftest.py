"""A campaign with a letter, and Harriet Vale MP to write to."""

from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from undersigned.campaigns.tables import Campaign


@pytest.fixture
async def campaign(client: httpx.AsyncClient) -> "Campaign":
    """A campaign with the letter about hate crime."""
    import make

    await make.mp()
    return await make.campaign(slug="light", title="A light")
