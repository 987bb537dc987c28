"""What the tests of responses share: a domain, a secret and an address of our own."""

import pytest

from undersigned.settings import settings

DOMAIN = "letters.example.org"


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose mail comes to letters.example.org."""
    monkeypatch.setattr(settings, "mail_domain", DOMAIN)
    monkeypatch.setattr(settings, "mail_from", f"Undersigned <hello@{DOMAIN}>")
    monkeypatch.setattr(settings, "secret_key", "a secret for the tests of responses")
