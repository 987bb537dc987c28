"""Every part, and everything at once, killed with -9 after every step of the main job.

Takes some ten minutes: ``.venv/bin/python -m pytest tests/bench/chaos_kills.py``.
"""

import pytest

from installation import Site
from journey.conftest import site, visitor
from journey.kills import VICTIMS, journey, kill, kill_everything
from journey.visitor import Visitor

__all__ = ["site", "visitor"]


@pytest.mark.parametrize("victim", VICTIMS)
def test_killing_one_part_after_every_step_changes_nothing_in_the_end(
    site: Site, visitor: Visitor, victim: str
) -> None:
    journey(site, visitor, lambda: kill(site, victim))


def test_killing_everything_after_every_step_changes_nothing_in_the_end(site: Site, visitor: Visitor) -> None:
    journey(site, visitor, lambda: kill_everything(site))
