"""Processes that do not get in each other's way, and answer whoever asks."""

import socket

import httpx
import pytest

from undersigned.processes import refuse_if_taken
from undersigned.settings import SettingMissing, Settings


def test_a_port_where_somebody_listens_is_refused_by_the_name_of_its_setting() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SettingMissing, match=r"^PORT: nobody can listen on 127\.0\.0\.1"):
            refuse_if_taken("PORT", "127.0.0.1", other.getsockname()[1])
        port = other.getsockname()[1]
    refuse_if_taken("PORT", "127.0.0.1", port)


@pytest.mark.parametrize("host", ["8.8.8.8", "999.1.1.1"])
def test_a_host_that_is_not_this_machine_is_refused(host: str) -> None:
    with pytest.raises(SettingMissing, match=f"^PORT: nobody can listen on {host}"):
        refuse_if_taken("PORT", host, 8000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mail_url", "ftp://example.org"),
        ("mail_url", "smtp://"),
        ("redis_url", "http://example.org"),
        ("database_url", "mysql://example.org"),
        ("base_url", "example.org"),
        ("port", "99999"),
        ("web_processes", "0"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/livez", "/privacy", "/campaigns/nowhere"])
async def test_head_is_answered_like_get_and_without_a_body(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("undersigned.processes.die_with_parent", lambda how=0: None)
    from undersigned.web import app

    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test.example.org") as monitor:
        seen, asked = await monitor.get(path), await monitor.head(path)
    assert (asked.status_code, asked.content) == (seen.status_code, b"")
    assert asked.headers["content-type"] == seen.headers["content-type"]
