"""Every promise of docs/behaviours.md names a test, and the test is there."""

import ast
import re

import pytest

from house.tree import ROOT, syntax

PAGE = (ROOT / "docs" / "behaviours.md").read_text(encoding="utf-8")
CHAPTERS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
PROMISES = re.findall(r"^- (.*?)(?=^- |^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_there_are_ten_and_some_more_and_each_has_promises() -> None:
    assert [chapter.split(".")[0] for chapter in list(CHAPTERS)[:10]] == [str(n) for n in range(1, 11)]
    assert all("\n- " in words for words in CHAPTERS.values())


def test_every_promise_names_one_test_and_no_test_is_named_twice() -> None:
    assert [promise for promise in PROMISES if promise.count("::") != 1] == []
    assert len(NAMED) == len(PROMISES) == len(set(NAMED))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_test_that_keeps_it_is_there(path: str, name: str) -> None:
    found = {
        node.name for node in syntax(ROOT / path).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert name in found
