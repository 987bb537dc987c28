"""A site of its own for every journey, and somebody who visits it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installation import Site
from journey.visitor import Visitor


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A new site with an empty var."""
    made = Site(tmp_path / "var")
    made.start()
    yield made
    if made.process and made.process.poll() is None:
        made.stop()


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    """A person who has just arrived."""
    with Visitor(site.base_url, site.var, site.mailroom_port) as arrived:
        yield arrived
