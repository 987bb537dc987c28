"""Benchmarks: found by name in tests/bench, run, and shown as a table."""

import importlib.util
import json
import re
import sys
from typing import Any

import click
from rich.console import Console

from undersigned import terminal
from undersigned.kit.errors import Missing
from undersigned.settings import ROOT

FOLDER = ROOT / "tests" / "bench"


def run(name: str, quick: bool, console: Console | None = None) -> dict[str, Any]:
    """What ``run(quick)`` of tests/bench/<name>.py measured, in the shape of DESIGN §9. Raises Missing."""
    file = FOLDER / f"{name}.py"
    if not re.fullmatch(r"[a-z_]+", name) or not file.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("[a-z]*.py")))
        raise Missing(f"There is no benchmark called {name!r}. There are: {known or 'none without the source'}.")
    spec = importlib.util.spec_from_file_location(f"bench_{name}", file)
    if spec is None or spec.loader is None:
        raise Missing(f"{file.name} cannot be read.")
    if str(FOLDER.parent) not in sys.path:
        sys.path.append(str(FOLDER.parent))  # What benchmarks share is imported as ``bench.side_by_side``.
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    if console is None or getattr(module, "SHOWS_PROGRESS", False):
        return dict(module.run(quick))
    with console.status(f"Measuring {name}"):
        return dict(module.run(quick))


def show(measured: dict[str, Any], console: Console) -> None:
    """The figures, the ratios, and which aims were met."""
    from rich.table import Table

    figures = Table("What", "Ours", *measured["peers"], title=measured["name"])
    for what, ours in measured["ours"].items():
        theirs = [_figure(peer.get(what)) for peer in measured["peers"].values()]
        figures.add_row(what, _figure(ours), *theirs)
    console.print(figures)
    for what, ratio in measured["ratios"].items():
        console.print(f"{what}: {_figure(ratio)}")
    targets = Table("Aim", "Wanted", "Got", "Met")
    for target in measured["targets"]:
        met = "yes" if target["met"] else "no"
        targets.add_row(target["what"], str(target["aim"]), _figure(target["got"]), met)
    console.print(targets)


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


@click.command()
@click.argument("name")
@click.option("--quick", is_flag=True, help="At most a minute.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@terminal.needs_servers
def bench(name: str, quick: bool, as_json: bool) -> None:
    """Measure one thing beside its peers on this machine: postcodes, and what else lies in tests/bench."""
    measured = run(name, quick, terminal.console if not as_json else None)
    if as_json:
        click.echo(json.dumps(measured))
    else:
        show(measured, terminal.console)
