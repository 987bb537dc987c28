"""Every module says what it is, and no file says whose machine it was written on."""

import ast
import re
from pathlib import Path

import pytest

from house.tree import ROOT, kept, modules, short, syntax

SOMEBODYS_MACHINE = re.compile(r"(?<![\w.~}])/(?:root|work|workspace|Users|mnt|home/[a-z]+)/[\w.]")
NOT_TEXT = {".woff2", ".png", ".jpg", ".jpeg", ".zip", ".ico", ".pdf"}


@pytest.mark.parametrize("path", [*modules(), *modules(ROOT / "tests")], ids=short)
def test_a_module_opens_with_one_sentence(path: Path) -> None:
    told = ast.get_docstring(syntax(path)) or ""
    sentence = " ".join(told.split("\n\n")[0].split())
    assert sentence.endswith("."), f"{short(path)} opens with: {sentence or 'nothing'}"
    assert sentence[0].isupper() or sentence[0] in "`“", sentence


@pytest.mark.parametrize("path", modules(ROOT / "tests"), ids=short)
def test_what_tests_share_has_one_name_and_stands_in_no_test(path: Path) -> None:
    """``tests.signatures`` and ``signatures`` would be two modules; a test taken from another is run twice."""
    nodes = [node for node in ast.walk(syntax(path)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    wrong = [
        name for name in names if name.split(".")[0] == "tests" or name.rpartition(".")[2].startswith("test_")
    ]
    assert wrong == []


def test_no_file_tells_whose_machine_it_was_written_on() -> None:
    found = []
    for path in kept():
        if path.suffix not in NOT_TEXT:
            lines = path.read_text(encoding="utf-8").splitlines()
            found += [
                f"{short(path)}:{n}: {line.strip()[:120]}" for n, line in enumerate(lines, 1) if _tells(line)
            ]
    assert not found, "\n".join(found)


def test_locked_versions_name_no_place_that_they_came_from() -> None:
    assert "/" not in (ROOT / "requirements.lock").read_text(encoding="utf-8").split("\n", 1)[1]


def _tells(line: str) -> bool:
    return bool(SOMEBODYS_MACHINE.search(line)) or (len(ROOT.parts) > 2 and f"{ROOT}/" in line)
