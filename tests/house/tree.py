"""The repository as git would keep it, read as text and as syntax."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "undersigned"
TEMPLATES = ROOT / "templates"


@cache
def kept() -> list[Path]:
    """Every file that is committed or would be; without git, every file outside the usual litter."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return sorted({ROOT / name for name in names if name and (ROOT / name).is_file()})
    return sorted(path for path in ROOT.rglob("*") if path.is_file() and not _litter(path))


def _litter(path: Path) -> bool:
    first = path.relative_to(ROOT).parts[0]
    return first in {"var", ".venv", ".git"} or first.endswith("_cache") or "__pycache__" in path.parts


def modules(folder: Path = SOURCE) -> list[Path]:
    """The Python files of ``folder``, without what Piccolo writes by itself."""
    return [path for path in kept() if path.suffix == ".py" and path.is_relative_to(folder) and not _made(path)]


def _made(path: Path) -> bool:
    return path.parent.name == "migrations" and "MigrationManager" in path.read_text(encoding="utf-8")


def templates(*endings: str) -> list[Path]:
    """The templates with these endings."""
    return [path for path in kept() if path.is_relative_to(TEMPLATES) and path.suffix in endings]


def syntax(path: Path) -> ast.Module:
    """A module taken apart."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    """``src/undersigned/kit/mail.py`` as ``undersigned.kit.mail``."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def short(path: Path) -> str:
    """A path as people write it, from the top of the repository."""
    return str(path.relative_to(ROOT))
