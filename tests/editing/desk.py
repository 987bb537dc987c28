"""Working at the letter editor as Owen does: with the fields of the page that is open."""

import html
import re

import httpx

from staff.visits import token

LETTER = "/staff/templates/hate-crime"


async def page(client: httpx.AsyncClient, address: str) -> str:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def plain(page_html: str) -> str:
    """The words of a page, without its tags."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", "", page_html).split()))


def typed_in(page_html: str, name: str) -> str:
    """What stands in a text area, as a browser shows it."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page_html, re.DOTALL)
    assert found
    return html.unescape(found[1])


def hidden(page_html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page_html)
    assert found
    return html.unescape(found[1])


async def opened(client: httpx.AsyncClient, address: str = LETTER) -> dict[str, str]:
    """The fields of the editor as they come."""
    shown = await page(client, address)
    fields = {name: typed_in(shown, name) for name in ("source", "sample")}
    return fields | {"base": hidden(shown, "base"), "form_token": hidden(shown, "form_token"), "person": "own"}


async def press(
    client: httpx.AsyncClient, fields: dict[str, str], act: str = "save", address: str = LETTER
) -> httpx.Response:
    """Press a button of the editor; the text goes as browsers send it, with CR LF."""
    data = {name: value.replace("\n", "\r\n") for name, value in fields.items()} | {"act": act}
    return await client.post(address, data=data)


async def settle(client: httpx.AsyncClient, act: str, address: str = LETTER, **fields: str) -> httpx.Response:
    """Press a button of the page beside the editor."""
    data = {"form_token": await token(client), "act": act} | fields
    return await client.post(f"{address}/settings", data=data)
