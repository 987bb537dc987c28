"""Twelve seals in two schemes, and every pair of colours that people read can be read (WCAG 2.2, 1.4.3)."""

import re

import pytest

from house.tree import TEMPLATES

CSS = (TEMPLATES / "assets" / "site.css").read_text(encoding="utf-8")
TEXT, SHAPES = 4.5, 3.0
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
