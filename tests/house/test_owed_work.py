"""Whatever is owed has somebody who does it: a job its worker, an e-mail its composer and both its templates."""

import ast
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from house.tree import SOURCE, TEMPLATES, modules, name_of, short, syntax
from undersigned.correspondence import owed_mail

OWED_IN_SQL = {
    "signatures/storing.py": {"confirmation", "signed_already"},
    "signatures/mailing.py": {"pledge_reached", "pledge_missed", "update"},
    "signatures/reminding.py": {"signature_reminder"},
}
"""Kinds that a module writes into the outbox by itself, many at once."""

ASK_THE_WORKER = """
import json
from undersigned import worker
from undersigned.kit import outbox
actors = {f"{actor.fn.__module__}.{name}": actor.queue_name for name, actor in worker.broker.actors.items()}
print(json.dumps({"jobs": actors, "queues": sorted(worker.broker.queues), "kinds": sorted(outbox._composers)}))
"""


@pytest.fixture(scope="module")
def worker() -> dict[str, object]:
    """What a worker knows that has imported undersigned.worker and nothing else."""
    said = subprocess.run([sys.executable, "-c", ASK_THE_WORKER], capture_output=True, text=True, check=True)
    told: dict[str, object] = json.loads(said.stdout)
    return told


def _functions(path: Path) -> list[ast.AsyncFunctionDef]:
    return [node for node in ast.walk(syntax(path)) if isinstance(node, ast.AsyncFunctionDef)]


def _marked(path: Path, mark: str) -> list[tuple[ast.AsyncFunctionDef, ast.Call]]:
    """The functions of a module with this decorator, and the decorator."""
    return [
        (function, decorator)
        for function in _functions(path)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and _called(decorator) == mark
    ]


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _value(expression: ast.expr, path: Path) -> str:
    """A word, or the word behind a name in the module."""
    if isinstance(expression, ast.Constant):
        return str(expression.value)
    value = import_module(name_of(path))
    for part in ast.unparse(expression).split("."):
        value = getattr(value, part)
    return str(value)


def _kinds_owed() -> set[str]:
    kinds: set[str] = set()
    for path in modules():
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Call) and _called(node) == "owe":
                kinds.add(_value(node.args[0], path))
    return kinds.union(*OWED_IN_SQL.values())


def test_every_job_and_every_queue_has_a_worker(worker: dict[str, object]) -> None:
    declared = {}
    for path in modules():
        for function, decorator in _marked(path, "job"):
            [queue] = [word.value for word in decorator.keywords if word.arg == "queue"] or decorator.args
            declared[f"{name_of(path)}.{function.name}"] = _value(queue, path)
    assert declared
    assert worker["jobs"] == declared
    assert set(declared.values()) <= set(worker["queues"])  # type: ignore[call-overload]


def test_every_kind_of_mail_that_is_owed_has_a_composer_in_the_worker(worker: dict[str, object]) -> None:
    assert set(worker["kinds"]) == _kinds_owed()  # type: ignore[call-overload]


def test_the_desk_has_words_for_every_kind_of_mail() -> None:
    assert set(owed_mail.WORDS) == _kinds_owed()


def test_mail_is_owed_in_sql_only_where_this_test_looks() -> None:
    insert = re.compile(r"INSERT INTO mail\b|\boutbox\.owing\(")
    found = {path for path in modules() if insert.search(path.read_text(encoding="utf-8"))}
    found.remove(SOURCE / "kit" / "outbox.py")
    assert {path.relative_to(SOURCE).as_posix() for path in found} == set(OWED_IN_SQL)
    for path in found:
        told = {str(node.value).strip("'") for node in ast.walk(syntax(path)) if isinstance(node, ast.Constant)}
        assert OWED_IN_SQL[path.relative_to(SOURCE).as_posix()] <= told


def test_every_composer_has_its_template_in_both_forms() -> None:
    used = set()
    for path in modules():
        for function, _ in _marked(path, "composes"):
            strings = [node.value for node in ast.walk(function) if isinstance(node, ast.Constant)]
            named = {text for text in strings if isinstance(text, str) and re.fullmatch(r"\w+/emails/\w+", text)}
            assert named, f"{short(path)}: {function.name} names no template"
            used |= named
    there = {path.relative_to(TEMPLATES).with_suffix("").as_posix() for path in TEMPLATES.glob("*/emails/*.*")}
    assert there == used
    for name in used:
        assert (TEMPLATES / f"{name}.txt").is_file()
        assert (TEMPLATES / f"{name}.html").is_file()
