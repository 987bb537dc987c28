"""The application as Granian's processes load it: they end with their parent, and answer HEAD like GET."""

import signal
from collections.abc import MutableMapping
from typing import Any

from undersigned.app import app as rooms
from undersigned.kit.doorstep import Doorstep, Message, Receive, Send
from undersigned.processes import die_with_parent

application = Doorstep(rooms)  # type: ignore[arg-type]

# What was acknowledged is durable, so a process whose parent is gone may go at once, and free its port.
die_with_parent(signal.SIGKILL)


async def app(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """RFC 9110 §9.3.2: whatever can be read with GET can be asked after with HEAD."""
    if scope["type"] != "http" or scope["method"] != "HEAD":
        await application(scope, receive, send)
        return

    async def without_body(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await send(message)

    await application({**scope, "method": "GET"}, receive, without_body)
