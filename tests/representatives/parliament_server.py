"""A local server that answers as the Members API does, from a folder of its answers."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Parliament(ThreadingHTTPServer):
    """What was asked of it is in ``asked``; what it should do wrong is in ``troubles``, used up one by one.

    ``by_postcode`` holds what a search for a postcode finds.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.asked: list[str] = []
        self.agents: Counter[str] = Counter()
        self.connections: set[Any] = set()
        self.troubles: dict[str, list[int]] = {}
        self.by_postcode: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave together: two small packets would each wait for the other's receipt.
    wbufsize = 65_536
    server: Parliament

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/api/")
        asked = parse_qs(parts.query)
        self.server.asked.append(path)
        self.server.agents[self.headers["User-Agent"]] += 1
        self.server.connections.add(self.client_address)
        trouble = self.server.troubles.get(path, [])
        if trouble:
            self.answer(trouble.pop(0), b"")
            return
        if "searchText" in asked:
            found = self.server.by_postcode.get(asked["searchText"][0])
            items = [{"value": found}] if found else []
            self.answer(200, json.dumps({"items": items, "totalResults": len(items)}).encode())
            return
        file = self.server.folder / (f"{path}/skip={asked['skip'][0]}.json" if "skip" in asked else f"{path}.json")
        self.answer(200, file.read_bytes()) if file.is_file() else self.answer(404, b"{}")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(folder: Path) -> Iterator[Parliament]:
    """The server, for as long as the block lasts."""
    server = Parliament(folder)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write(folder: Path, *seats: dict[str, Any], contacts: dict[int, list[dict[str, Any]]] | None = None) -> Path:
    """A small Parliament: the constituencies and the members who sit in them, a page of twenty at a time."""
    members = [seat["currentRepresentation"]["member"]["value"] for seat in seats if seat["currentRepresentation"]]
    for path, values in (("Location/Constituency/Search", list(seats)), ("Members/Search", members)):
        for skip in range(0, max(len(values), 1), 20):
            page = {"items": [{"value": one} for one in values[skip : skip + 20]], "totalResults": len(values)}
            file = folder / path / f"skip={skip}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(page))
    for member_id, entries in (contacts or {}).items():
        file = folder / f"Members/{member_id}/Contact.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"value": entries}))
    return folder


def seat(number: int, name: str, member: dict[str, Any] | None = None) -> dict[str, Any]:
    """A constituency as Parliament has it."""
    sitting = {"member": {"value": member}} if member else None
    return {"id": number, "name": name, "startDate": "2024-05-31T00:00:00", "currentRepresentation": sitting}


def member(number: int, name: str, party: str = "Commonwealth Party", **told: Any) -> dict[str, Any]:
    """A member as Parliament has them."""
    return {
        "id": number,
        "nameDisplayAs": name,
        "nameFullTitle": f"{name} MP",
        "nameAddressAs": None,
        "latestParty": {"name": party},
        "latestHouseMembership": {"membershipStartDate": "2024-07-04T00:00:00"},
    } | told


def office(email: str | None, kind: str = "Parliamentary office") -> dict[str, Any]:
    """One entry among a member's contacts."""
    return {"type": kind, "typeId": 1, "isPreferred": False, "email": email}
