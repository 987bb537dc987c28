"""Lists at the desk, fifty to a page."""

from dataclasses import dataclass
from typing import Any

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list; ``more`` says whether another follows."""

    rows: list[dict[str, Any]]
    number: int
    more: bool
