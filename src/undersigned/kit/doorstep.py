"""Public answers handed out again at the door, for a tenth of a second and before anything is looked up.

What a crowd asks for is then made and compressed a few times a second, whoever asks. Only what the rooms behind
have marked as the same for everybody is kept, and only while it is small.
"""

import gzip
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

SECONDS = 0.1
MOST = 200
LARGEST = 256_000
LONGEST_KEPT = 60
"""Seconds that others may keep what is kept here; what they keep for hours does not come back soon."""
WORTH_COMPRESSING = 1_000
"""Bytes; less fits into one packet anyway (about 1,400 on most lines)."""
LEVEL = 4
OF_THE_BODY = (b"content-length", b"content-type", b"content-encoding")


class Kept:
    """One whole answer that is the same for everybody, plain and compressed (RFC 9110 §8.4)."""

    def __init__(self, headers: Headers, body: bytes) -> None:
        self.until = time.monotonic() + SECONDS
        self.tag = dict(headers).get(b"etag", b"")
        self.plain = _answer(headers, body)
        self.packed = self.plain
        if len(body) >= WORTH_COMPRESSING:
            vary = (b"vary", b"accept-encoding")
            self.plain = _answer([*headers, vary], body)
            packed = gzip.compress(body, LEVEL, mtime=0)
            others = [one for one in headers if one[0] not in (b"content-length", b"etag")]
            if self.tag:
                others.append((b"etag", b"W/" + self.tag))
            length = (b"content-length", str(len(packed)).encode())
            self.packed = _answer([*others, vary, (b"content-encoding", b"gzip"), length], packed)

    async def hand_out(self, asked: Iterable[tuple[bytes, bytes]], send: Send) -> bool:
        """Send it, or that nothing has changed; False when the visitor holds something that we cannot tell."""
        held = b""
        start, body = self.plain
        for name, value in asked:
            if name == b"accept-encoding" and _takes_gzip(value):
                start, body = self.packed
            elif name == b"if-none-match":
                held = value
        if held and (not self.tag or held.removeprefix(b"W/") != self.tag):
            return False
        if held:
            headers = [one for one in start["headers"] if one[0] not in OF_THE_BODY]
            start, body = _answer(headers, b"", status=304)
        await send(start)
        await send(body)
        return True


def _answer(headers: Headers, body: bytes, status: int = 200) -> tuple[Message, Message]:
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": body, "more_body": False}


def _takes_gzip(accepted: bytes) -> bool:
    """Whether gzip is named and not with a zero (RFC 9110 §12.5.3)."""
    for one in accepted.split(b","):
        name, _, weight = one.partition(b";")
        if name.strip().lower() == b"gzip":
            return weight.replace(b" ", b"").lower().rstrip(b"0") not in (b"q=", b"q=0.")
    return False


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
        if kept is None or kept.until < time.monotonic() or not await kept.hand_out(scope["headers"], send):
            await self._application(scope, receive, _Ear(scope["headers"], send, lambda new: self._keep(key, new)))

    def _keep(self, key: tuple[str, bytes], new: Kept) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = new


class _Ear:
    """Hears one answer: what is for everybody and in one piece is kept, all else passed on as it comes."""

    def __init__(self, asked: Iterable[tuple[bytes, bytes]], send: Send, keep: Callable[[Kept], None]) -> None:
        self._asked, self._send, self._keep = asked, send, keep
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_for_everybody(message):
            self._start = message
            return
        start, self._start = self._start, None
        if start and not message.get("more_body") and len(message["body"]) <= LARGEST:
            kept = Kept(list(start["headers"]), message["body"])
            self._keep(kept)
            if await kept.hand_out(self._asked, self._send):
                return
        if start:
            await self._send(start)
        await self._send(message)


def _is_for_everybody(start: Message) -> bool:
    headers = dict(start["headers"])
    marks = [one.strip() for one in headers.get(b"cache-control", b"").split(b",")]
    ages = [one.removeprefix(b"max-age=") for one in marks if one.startswith(b"max-age=")]
    soon = len(ages) == 1 and ages[0].isdigit() and int(ages[0]) <= LONGEST_KEPT
    return bool(start["status"] == 200 and b"public" in marks and soon and b"set-cookie" not in headers)
