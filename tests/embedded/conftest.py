"""What the tests of the embedded servers share."""

from types import ModuleType

import pytest

from undersigned.embedded import postgresql, valkey


@pytest.fixture(params=[postgresql, valkey], ids=["postgresql", "valkey"])
def module(request: pytest.FixtureRequest) -> ModuleType:
    """Each of the embedded servers in turn."""
    found: ModuleType = request.param
    return found
