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
