"""Visitors of the signing pages who come from somewhere."""

import pytest

from undersigned.settings import settings


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What X-Forwarded-For says is believed, as behind a proxy that TRUSTED_PROXIES names."""
    monkeypatch.setattr(settings, "trusted_proxies", "127.0.0.1")
