"""Every setting is in .env.example and in the README, with its true default, and nothing else is."""

import re
from pathlib import Path

import pytest

from house.tree import ROOT, modules
from undersigned.settings import Settings

NAMES = {"UNDERSIGNED_VAR" if name == "var" else name.upper() for name in Settings.model_fields}
EXAMPLE = ROOT / ".env.example"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting in the environment, and no .env in the folder."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def _lines(text: str) -> dict[str, str]:
    return dict(re.findall(r"^# ([A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_has_every_setting_and_no_other() -> None:
    assert set(_lines(EXAMPLE.read_text(encoding="utf-8"))) == NAMES


def test_every_line_of_the_example_is_commented_out() -> None:
    said = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") or not line for line in said)


def test_the_example_says_the_defaults(tmp_path: Path) -> None:
    lines = _lines(EXAMPLE.read_text(encoding="utf-8"))
    as_told = tmp_path / "as-told.env"
    as_told.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    told, default = Settings(_env_file=as_told), Settings(_env_file=None)  # type: ignore[call-arg]
    assert told.mail_url == "maildir:var/mail"
    told.mail_url = f"maildir:{tmp_path / 'var' / 'mail'}"
    assert told == default


def test_the_readme_has_every_setting_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("| setting | default | what |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE) != []
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == NAMES


def test_every_setting_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules() if path.name != "settings.py")
    assert {name for name in Settings.model_fields if not re.search(rf"settings\.{name}\b", code)} == {
        "secret_key"
    }
