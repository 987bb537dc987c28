"""The next step on the way: real numbers, never inflated."""

import pytest

from undersigned.campaigns import goals


@pytest.mark.parametrize(
    ("count", "goal", "step"),
    [
        (0, 100, 100),
        (99, 100, 100),
        (100, 100, 250),
        (100, 120, 120),
        (119, 120, 120),
        (120, 120, 250),
        (0, 10, 10),
        (10, 10, 100),
        (49_999_999, 1, 50_000_000),
        (50_000_000, 1, 50_000_001),
    ],
)
def test_the_next_step_is_the_first_above_the_count(count: int, goal: int, step: int) -> None:
    assert goals.next_goal(count, goal) == step


def test_what_a_pledge_needs_is_a_step_until_it_has_it() -> None:
    assert goals.next_goal(260, 5_000, 300) == 300
    assert goals.next_goal(300, 5_000, 300) == 500
    assert goals.next_goal(0, 5_000, None) == 100


def test_the_next_step_is_always_ahead() -> None:
    assert all(goals.next_goal(count, 333) > count for count in range(3_000))


@pytest.mark.parametrize(
    ("count", "goal", "percent"), [(0, 100, 0), (1, 1_000, 0), (999, 1_000, 99), (1_000, 1_000, 100), (7, 0, 100)]
)
def test_a_goal_is_reached_when_it_is_reached_and_not_before(count: int, goal: int, percent: int) -> None:
    assert goals.percent(count, goal) == percent
