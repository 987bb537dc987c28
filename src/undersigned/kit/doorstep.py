"""Public answers handed out again at the door, for a tenth of a second and before anything is looked up.

What a crowd asks for is then made a few times a second, whoever asks. Only what the rooms behind have marked as
the same for everybody is kept, and only while it is small.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

SECONDS = 0.1
MOST = 200
LARGEST = 256_000
FOR_EVERYBODY = b"public, max-age=1,"


@dataclass(slots=True)
class Kept:
    """One whole answer: what is sent first, and what follows."""

    until: float
    start: Message
    body: Message
    tag: bytes


@dataclass(slots=True)
class _Listener:
    """Passes an answer on and takes note of it, if it comes in one piece."""

    send: Send
    start: Message | None = None
    body: Message | None = None
    pieces: int = field(default=0)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body, self.pieces = message, self.pieces + bool(message.get("body"))
        await self.send(message)


class Doorstep:
    """``application`` with what it lately answered to a GET in front of it."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: dict[tuple[str, bytes], Kept] = {}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._application(scope, receive, send)
            return
        key = (scope["path"], scope["query_string"])
        kept = self._kept.get(key)
        if kept is None or kept.until < time.monotonic() or not await _hand_out(kept, scope["headers"], send):
            listener = _Listener(send)
            await self._application(scope, receive, listener)
            self._keep(key, listener)

    def _keep(self, key: tuple[str, bytes], heard: _Listener) -> None:
        if heard.start is None or heard.body is None or heard.pieces != 1 or heard.start["status"] != 200:
            return
        headers = dict(heard.start["headers"])
        may = headers.get(b"cache-control", b"").startswith(FOR_EVERYBODY) and b"set-cookie" not in headers
        if may and len(heard.body["body"]) <= LARGEST:
            if len(self._kept) >= MOST:
                self._kept.clear()
            whole = {"type": "http.response.body", "body": heard.body["body"], "more_body": False}
            self._kept[key] = Kept(time.monotonic() + SECONDS, heard.start, whole, headers.get(b"etag", b""))


async def _hand_out(kept: Kept, asked: Iterable[tuple[bytes, bytes]], send: Send) -> bool:
    """Send what is kept, or that nothing has changed; False when the visitor holds something else."""
    held = next((value for name, value in asked if name == b"if-none-match"), None)
    if held is None:
        await send(kept.start)
        await send(kept.body)
        return True
    if not kept.tag or held != kept.tag:
        return False
    headers: Headers = [one for one in kept.start["headers"] if one[0] not in (b"content-length", b"content-type")]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    return True
