"""Coming to the desk as Owen does: by the link in an e-mail, and with the token of his own pages."""

import re

import httpx

import make
from undersigned.staff import members


async def sign_in(client: httpx.AsyncClient, role: str = "owner") -> None:
    """Sign Owen in, by the button behind a one-time link."""
    owen = await make.staff(role=role)
    link = (await members.invite(owen.email)).link
    answer = await client.post(link.removeprefix("http://test.example.org"))
    assert answer.headers["location"] == "/staff"


async def token(client: httpx.AsyncClient) -> str:
    """The hidden field of every form on the desk."""
    page = await client.get("/staff")
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]
