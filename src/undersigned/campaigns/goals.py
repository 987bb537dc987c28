"""The next step on the way: real numbers, never inflated."""

STEPS = (
    *(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000),
    *(250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000),
)


def next_goal(count: int, *own: int | None) -> int:
    """The first step above ``count``; the campaign's ``own`` are steps too: its goal, and what a pledge needs."""
    above = [step for step in (*STEPS, *own) if step and step > count]
    return min(above, default=count + 1)


def percent(count: int, goal: int) -> int:
    """How far ``count`` is on the way to ``goal``, 0 to 100."""
    return min(100, count * 100 // max(goal, 1))
