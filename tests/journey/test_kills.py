"""Any part may be killed at any step: afterwards there is one signature, one letter and one reply.

Here one part falls after every step, and once everything falls together; tests/bench/chaos_kills.py kills
every part after every step.
"""

import itertools

from installation import Site
from journey.kills import journey, kill, kill_everything
from journey.visitor import Visitor


def test_one_part_after_another_is_killed_and_nothing_is_lost_or_doubled(site: Site, visitor: Visitor) -> None:
    victims = itertools.cycle(["postgres", "worker", "web", "clock", "valkey", "mailroom"])
    journey(site, visitor, lambda: kill(site, next(victims)))


def test_everything_is_killed_when_the_letter_is_on_its_way_and_nothing_is_lost_or_doubled(
    site: Site, visitor: Visitor
) -> None:
    steps = itertools.count(1)

    def at_the_fifth() -> None:
        if next(steps) == 5:
            kill_everything(site)

    journey(site, visitor, at_the_fifth)
