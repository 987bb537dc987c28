"""Every environment variable, read once; what follows from another is worked out in one place."""

from pathlib import Path

import pytest

from undersigned.settings import PLACEHOLDERS, SettingMissing, Settings

REAL = "kQx0v6Jm2l8s5n1r9t3w"


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment and no .env but what a test gives."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    monkeypatch.delenv("UNDERSIGNED_VAR", raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    """The settings of an environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_without_any_setting_everything_is_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read(monkeypatch)
    assert found.var == tmp_path / "var"
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.mail_url == f"maildir:{tmp_path / 'var' / 'mail'}"
    assert found.mail_domain == "undersigned.localhost"
    assert found.mail_from == "Undersigned <hello@undersigned.localhost>"
    assert (found.demo, found.secure, found.database_url, found.redis_url) == (False, False, "", "")


def test_links_and_addresses_follow_from_the_base_url(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, BASE_URL="https://sign.example.org/", SITE_NAME="Sign")
    assert (found.base_url, found.secure) == ("https://sign.example.org", True)
    assert (found.mail_domain, found.mail_from) == ("sign.example.org", "Sign <hello@sign.example.org>")


def test_what_is_said_outright_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(
        monkeypatch,
        BASE_URL="https://sign.example.org",
        MAIL_DOMAIN="m.example.org",
        MAIL_FROM="Us <us@example.org>",
    )
    assert (found.mail_domain, found.mail_from) == ("m.example.org", "Us <us@example.org>")


@pytest.mark.parametrize(
    ("host", "base_url"),
    [("0.0.0.0", "http://localhost:8000"), ("::1", "http://[::1]:8000"), ("192.0.2.7", "http://192.0.2.7:8000")],
)
def test_links_lead_where_a_person_can_go(monkeypatch: pytest.MonkeyPatch, host: str, base_url: str) -> None:
    found = read(monkeypatch, HOST=host)
    assert found.base_url == base_url
    assert found.mail_domain == "undersigned.localhost"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, PORT="", BASE_URL="").base_url == "http://127.0.0.1:8000"


def test_an_env_file_is_read_and_the_environment_comes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("SITE_NAME=From the file\nPORT=9000\nSOMETHING_ELSE=x\n")
    found = read(monkeypatch, PORT="9001")
    assert (found.site_name, found.port) == ("From the file", 9001)


@pytest.mark.parametrize(
    "key", ["", "short", *sorted(PLACEHOLDERS), *sorted(word.upper() for word in PLACEHOLDERS)]
)
def test_production_wants_a_real_secret_and_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    with pytest.raises(SettingMissing, match=r"^SECRET_KEY is missing") as refusal:
        read(monkeypatch, SECRET_KEY=key).key()
    assert "\n" not in str(refusal.value)


def test_a_real_secret_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, SECRET_KEY=REAL).key() == REAL.encode()


def test_a_demo_makes_its_secret_once_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {read(monkeypatch, DEMO="1", UNDERSIGNED_VAR=str(tmp_path / "v")).key() for _ in range(3)}
    assert len(keys) == 1
    (kept,) = (tmp_path / "v").iterdir()
    assert kept.read_text().encode() in keys
    assert kept.stat().st_mode & 0o077 == 0


def test_a_placeholder_is_refused_in_a_demo_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingMissing):
        read(monkeypatch, DEMO="1", SECRET_KEY="change-me").key()
