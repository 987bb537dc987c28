"""Twelve seals in two schemes, and every pair of colours that people read can be read (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from house.tree import TEMPLATES

CSS = (TEMPLATES / "assets" / "site.css").read_text(encoding="utf-8")
MAP_CSS = (TEMPLATES / "assets" / "staff.css").read_text(encoding="utf-8")
TEXT, SHAPES = 4.5, 3.0
SEEING = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Colours = dict[str, str]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _colours(block: str) -> Colours:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})\b", block))


def _roots() -> list[Colours]:
    """The tokens in light, and in dark, where what is not said again stays."""
    light, dark = (_colours(block) for block in re.findall(r":root\s*\{(.*?)\}", CSS, re.DOTALL))
    return [light, light | dark]


def _seals() -> dict[str, list[Colours]]:
    found: dict[str, list[Colours]] = {}
    for name, block in re.findall(r"\.theme-(\w+)\s*\{(.*?)\}", CSS):
        found.setdefault(name, []).append(_colours(block))
    return found


SCHEMES = dict(zip(("light", "dark"), _roots(), strict=True))
CASES = [
    (seal, scheme, SCHEMES[scheme] | told)
    for seal, both in _seals().items()
    for scheme, told in zip(SCHEMES, both, strict=True)
]


def test_there_are_twelve_seals_in_both_schemes() -> None:
    assert len(CASES) == 24


@pytest.mark.parametrize(("seal", "scheme", "colour"), CASES)
def test_a_seal_can_be_read_wherever_it_is_used(seal: str, scheme: str, colour: Colours) -> None:
    for ground in ("paper", "card", "wash"):
        assert contrast(colour["seal"], colour[ground]) >= TEXT, ground
        assert contrast(colour["seal-deep"], colour[ground]) >= TEXT, ground
    assert contrast(colour["on-seal"], colour["seal"]) >= TEXT
    assert contrast(colour["on-seal"], colour["seal-deep"]) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
def test_ink_can_be_read_and_lines_can_be_seen(scheme: str) -> None:
    colour = SCHEMES[scheme]
    for ground in ("paper", "card", "wash"):
        for ink in ("ink", "soft", "wrong", "right"):
            assert contrast(colour[ink], colour[ground]) >= TEXT, (ink, ground)
        assert contrast(colour["focus"], colour[ground]) >= SHAPES, ground
    assert contrast(colour["line"], colour["card"]) >= SHAPES


@pytest.mark.parametrize(("seal", "scheme", "colour"), CASES)
def test_each_step_of_the_map_differs_from_the_next_whatever_colours_one_sees(
    seal: str, scheme: str, colour: Colours
) -> None:
    """From paper to the deepest seal, the lightness goes one way; simulated after Machado and others (2009)."""
    steps = [colour["paper"], *(_mixed(colour, share) for share in _shares()), colour["seal-deep"]]
    for seen in SEEING.values():
        lightness = [_luminance(_through(step, seen)) for step in steps]
        assert lightness == sorted(lightness, reverse=scheme == "light")
        for one, other in pairwise(steps):
            assert contrast(_through(one, seen), _through(other, seen)) >= 1.3, (one, other)
    assert contrast(colour["line"], colour["paper"]) >= SHAPES


def _shares() -> list[int]:
    return [
        int(share) for share in re.findall(r"hex--\d \{ fill: color-mix\(in srgb, var\(--seal\) (\d+)%", MAP_CSS)
    ]


def _mixed(colour: Colours, share: int) -> str:
    pairs = zip(_parts(colour["seal"]), _parts(colour["paper"]), strict=True)
    return "#" + "".join(f"{round((seal * share + paper * (100 - share)) / 100):02X}" for seal, paper in pairs)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _through(colour: str, seen: Sequence[Sequence[float]]) -> str:
    found = [sum(weight * part for weight, part in zip(row, _parts(colour), strict=True)) for row in seen]
    return "#" + "".join(f"{min(max(round(part), 0), 255):02X}" for part in found)
