"""The application as Granian's processes load it: they end with their parent, and answer HEAD like GET."""

import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from undersigned.app import app as application
from undersigned.processes import die_with_parent

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# What was acknowledged is durable, so a process whose parent is gone may go at once, and free its port.
die_with_parent(signal.SIGKILL)


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """RFC 9110 §9.3.2: whatever can be read with GET can be asked after with HEAD."""
    if scope["type"] != "http" or scope["method"] != "HEAD":
        await application(scope, receive, send)  # type: ignore[arg-type]
        return

    async def without_body(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await send(message)

    await application({**scope, "method": "GET"}, receive, without_body)  # type: ignore[arg-type]
