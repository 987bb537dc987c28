"""Merging: a whole letter's fields filled in, beside Jinja's sandbox, which can be told to run programs.

The paragraphs have been read once, as the site keeps them; each merge is all of one letter, with its subject.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from jinja2.sandbox import SandboxedEnvironment

from bench.paper import words
from bench.side_by_side.report import target
from undersigned.letters import merging, template

A_SECOND = "letters merged a second, one core"
LEAST = 5_000
ROUNDS, ROUNDS_QUICK = 9, 3
AT_A_TIME, AT_A_TIME_QUICK = 5_000, 500


def run(quick: bool) -> dict[str, Any]:
    """What was measured, in the shape of DESIGN §9."""
    rounds, many = (ROUNDS_QUICK, AT_A_TIME_QUICK) if quick else (ROUNDS, AT_A_TIME)
    jinja = _jinja()
    same = [paragraph.text for paragraph in words.merged(1)]
    if "\n".join(same) != jinja(1):
        raise AssertionError("The two do not make the same letter.")
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_rate(_merge, many))
        theirs.append(_rate(jinja, many))
    mine, peer = statistics.median(ours), statistics.median(theirs)
    return {
        "name": "merge",
        "ours": {A_SECOND: mine},
        "peers": {"Jinja's sandbox": {A_SECOND: peer}},
        "ratios": {"times as many a second as Jinja's sandbox": round(mine / peer, 3)},
        "targets": [target(A_SECOND, f"≥ {LEAST:,}", mine, mine >= LEAST)],
    }


def _rate(work: Callable[[int], object], many: int) -> float:
    began = time.process_time()
    for number in range(many):
        work(number)
    return many / (time.process_time() - began)


def _merge(number: int) -> object:
    merging.subject(template.load("hate-crime").subject, words.FACTS)
    return words.parts(number)


def _jinja() -> Callable[[int], str]:
    """The same letter by Jinja: a template compiled once, the facts as nested mappings."""
    source = "\n".join(
        paragraph.text if block.name != template.OWN_WORDS else "{{ own }}"
        for block in template.load("hate-crime").for_variant("no_votes")
        for paragraph in (block.wording or (words.wording.Paragraph((("{{ own }}", ""),)),))
    )
    compiled = SandboxedEnvironment().from_string(source)
    facts: dict[str, Any] = {}
    for field, value in words.FACTS.items():
        first, _, rest = field.partition(".")
        if rest:
            facts.setdefault(first, {})[rest] = value
        else:
            facts[first] = value
    return lambda number: compiled.render(facts, own=words.OWN.format(number))
