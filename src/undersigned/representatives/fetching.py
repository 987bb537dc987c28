"""Fetching a list politely: one connection, a pause between questions, and nothing asked twice."""

import http.client
import json
import logging
import shutil
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

from undersigned import __version__
from undersigned.kit.errors import Refused, Unavailable
from undersigned.settings import settings

PAUSE: Final = 0.2
PATIENCE: Final = 30.0
LONGEST_ANSWER: Final = 64_000_000
TRIES: Final = 4
REDIRECTS: Final = 3
LONGEST_WAIT: Final = 60.0
STALE_AFTER: Final = 24 * 3600.0
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
log = logging.getLogger(__name__)


class SourceAway(Unavailable):
    """The other side could not be reached, or kept answering that it was busy."""


class SourceStrange(Refused):
    """The other side answered with something that is not what was asked for."""


@dataclass
class Kept:
    """Answers kept in a folder until they have been applied, so that a broken run goes on where it stopped.

    Answers from another address, or of yesterday, are thrown away first.
    """

    folder: Path
    source: str

    def __post_init__(self) -> None:
        label = self.folder / "source.txt"
        if label.exists():
            is_old = time.time() - label.stat().st_mtime > STALE_AFTER
            if is_old or label.read_text(encoding="utf-8") != self.source:
                self.forget()
        self.folder.mkdir(parents=True, exist_ok=True)
        if not label.exists():
            label.write_text(self.source, encoding="utf-8")

    def get(self, name: str) -> bytes | None:
        """The answer of that name, or None."""
        file = self.folder / name
        return file.read_bytes() if file.is_file() else None

    def put(self, name: str, answer: bytes) -> None:
        """Keep an answer, whole or not at all."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".part")
        fresh.write_bytes(answer)
        fresh.replace(file)

    def forget(self) -> None:
        """Everything has been applied, or is no good."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Fetcher:
    """Asks one server at a time, over one connection, with a ``pause`` in between; it blocks, so use a thread.

    After a failure it waits ``first_wait`` seconds, then twice as long, or for as long as it is told.
    """

    pause: float = PAUSE
    first_wait: float = 1.0
    _connection: http.client.HTTPConnection | None = None
    _server: tuple[str, str] = ("", "")
    _asked_at: float = field(default=0.0)
    _stopped: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Whoever pressed Ctrl-C is not kept waiting for a thread that has hundreds of questions left.
        self._stopped = True
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def get(self, url: str) -> bytes | None:
        """The body at ``url``, or None where there is nothing (404). Raises SourceAway or SourceStrange."""
        for _ in range(REDIRECTS + 1):
            status, headers, body = self._patiently(url)
            if status in {301, 302, 303, 307, 308} and headers.get("location"):
                url = urljoin(url, headers["location"])
                continue
            if status in {404, 410}:
                return None
            if status != 200:
                raise SourceStrange(f"{_server_of(url)} answered {status} to {urlsplit(url).path}.")
            return body
        raise SourceStrange(f"{_server_of(url)} sends us round in circles.")

    def get_json(self, url: str, kept: Kept | None = None, name: str = "") -> Any:
        """As :meth:`get`, read as JSON, and from ``kept`` when it was fetched before."""
        body = kept.get(name) if kept else None
        fresh = body is None
        if body is None:
            body = self.get(url)
        if body is None:
            return None
        try:
            answer = json.loads(body)
        except ValueError:
            raise SourceStrange(f"{_server_of(url)} does not answer {urlsplit(url).path} with JSON.") from None
        if kept and fresh:
            kept.put(name, body)
        return answer

    def _patiently(self, url: str) -> tuple[int, dict[str, str], bytes]:
        """Ask, and ask again later when the line breaks or the server is busy."""
        trouble = "stopped"
        for attempt in range(TRIES):
            if self._stopped:
                break
            try:
                status, headers, body = self._once(url)
            except (OSError, http.client.HTTPException) as why:
                self.close()
                trouble, wait = type(why).__name__, 2.0**attempt
            else:
                if status not in _BUSY:
                    return status, headers, body
                asked = headers.get("retry-after", "")
                trouble, wait = f"answer {status}", 2.0**attempt
                if asked.isdigit():
                    wait = min(float(asked), LONGEST_WAIT)
            if attempt < TRIES - 1:
                log.info("%s: %s; trying again.", _server_of(url), trouble)
                time.sleep(wait * self.first_wait)
        raise SourceAway(f"{_server_of(url)} cannot be reached ({trouble}). What was fetched is kept: try again.")

    def _once(self, url: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        connection = self._connect(parts.scheme, parts.netloc)
        time.sleep(max(0.0, self._asked_at + self.pause - time.monotonic()))
        self._asked_at = time.monotonic()
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path or "/", headers=_headers())
        answer = connection.getresponse()
        body = answer.read(LONGEST_ANSWER + 1)
        if len(body) > LONGEST_ANSWER:
            raise SourceStrange(f"{_server_of(url)} answers with more than we can take.")
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def _connect(self, scheme: str, server: str) -> http.client.HTTPConnection:
        if scheme not in {"http", "https"} or not server:
            raise SourceStrange("An address begins with https:// or http://.")
        if self._connection is None or self._server != (scheme, server):
            self.close()
            self._server = (scheme, server)
            self._connection = (
                http.client.HTTPSConnection(server, timeout=PATIENCE, context=ssl.create_default_context())
                if scheme == "https"
                else http.client.HTTPConnection(server, timeout=PATIENCE)
            )
        return self._connection


def _headers() -> dict[str, str]:
    who = f"Undersigned/{__version__} (+{settings.base_url})"
    return {"User-Agent": who, "Accept": "application/json, text/csv;q=0.9, */*;q=0.1"}


def _server_of(url: str) -> str:
    return urlsplit(url).netloc or url[:40]
