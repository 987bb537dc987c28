"""The two sheets of a letter as a browser without JavaScript reads them."""

import html
import re

import httpx

import front_door
from undersigned.campaigns.tables import Campaign
from undersigned.letters.tables import Letter

ALL = {"keep_reporting": "yes", "keep_pledge": "yes", "keep_reply": "yes"}
"""The blocks of the letter about hate crime that one may drop."""


async def press(client: httpx.AsyncClient, campaign: Campaign, button: str, **typed: str) -> httpx.Response:
    """Press one of the small buttons of the sheets."""
    told = front_door.writing(**typed) | {"kept": "yes", "press": button}
    return await client.post(f"/campaigns/{campaign.slug}/write", data=told, follow_redirects=True)


def blocks(page: httpx.Response) -> list[str]:
    """The names of the blocks, in the order in which they stand."""
    return re.findall(r'data-block="([a-z-]+)"', page.text)


def area(page: httpx.Response, name: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert found, page.text
    return html.unescape(found[1])


def kept(page: httpx.Response, name: str) -> bool:
    """Whether a block is ticked."""
    return f'id="keep_{name}" name="keep_{name}" type="checkbox" value="yes" checked' in page.text


async def the_letter() -> Letter:
    """The one letter there is."""
    found = await front_door.row("SELECT id FROM letter")
    letter = await Letter.whole(found["id"])
    assert letter is not None
    return letter
