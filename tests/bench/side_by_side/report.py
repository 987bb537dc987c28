"""What was measured, as one object in the shape of DESIGN §9."""

from dataclasses import dataclass
from typing import Any

from bench.side_by_side.rounds import RATE, Work

Columns = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Aim:
    """To do at least ``least`` times as much of ``what`` as ``peer``; None is no aim, but worth knowing."""

    what: str
    peer: str
    least: float | None = None

    @property
    def words(self) -> str:
        """As people say it: ≥ 8×, or ≥ 60 % of what can only be more than we do."""
        return "" if self.least is None else f"≥ {self.least:g}×" if self.least >= 1 else f"≥ {self.least:.0%}"


def columns(works: dict[str, list[Work]]) -> Columns:
    """The figures of every kind of work, by site; the memory is that of all processes after the last round."""
    found: Columns = {}
    for what, ones in works.items():
        for work in ones:
            figures = {f"{what}: {name}": value for name, value in work.figures().items()}
            found.setdefault(work.site.name, {}).update(figures)
    for work in next(iter(works.values())):
        found[work.site.name]["memory of all processes (MB)"] = work.site.memory()
    return found


def whole(name: str, found: Columns, aims: list[Aim], *targets: dict[str, Any]) -> dict[str, Any]:
    """The first column is ours. Each aim gives a ratio; ``targets`` are those that are no ratio to a peer."""
    (_, ours), *others = found.items()
    peers = dict(others)
    ratios, met = {}, list(targets)
    for aim in aims:
        got = ours[f"{aim.what}: {RATE}"] / peers[aim.peer][f"{aim.what}: {RATE}"]
        ratios[f"{aim.what}: times as many a second as {aim.peer}"] = round(got, 3)
        if aim.least is not None:
            met.append(target(f"{aim.what}, beside {aim.peer}", aim.words, got, got >= aim.least))
    return {"name": name, "ours": ours, "peers": peers, "ratios": ratios, "targets": met}


def target(what: str, aim: str, got: float, met: bool) -> dict[str, Any]:
    """One target, and whether it was met."""
    return {"what": what, "aim": aim, "got": round(got, 2), "met": met}
